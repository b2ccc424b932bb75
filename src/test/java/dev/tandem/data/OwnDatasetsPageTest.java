package dev.tandem.data;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.tandem.TestBrowser;
import dev.tandem.TestServer;
import dev.tandem.web.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page with Fashion-MNIST, with pictures and with letters of the operator's. */
class OwnDatasetsPageTest {
  private static final String SMALL =
      "{\"dataset\":\"%s\",\"trainingExamples\":60,\"testExamples\":20,\"epochs\":1,\"batchSize\":20,"
          + "\"hiddenLayers\":[8]}";

  @TempDir static Path folders;
  private static TestServer server;
  private static BrowserContext context;
  private static String fashion;
  private static String letters;

  private final List<String> complaints = new ArrayList<>();
  private Page page;

  @BeforeAll
  static void start() throws IOException {
    Path own = folders.resolve("own");
    Pictures.writeClass(own.resolve("pets/cat"), 30, 0);
    Pictures.writeClass(own.resolve("pets/dog"), 30, 100);
    Files.createDirectories(own.resolve("broken"));
    writeLetters(Files.createDirectories(own.resolve("letters")));
    server =
        TestServer.start(
            TestServer.settings(
                "127.0.0.1",
                folders.resolve("data"),
                1,
                Optional.of(own),
                List.of(),
                Access.DEFAULTS));
    fashion = ended("fashion-mnist");
    letters = ended("letters");
    context = TestBrowser.newContext(1280, 1000);
  }

  private static void writeLetters(Path folder) throws IOException {
    for (IdxPart part : IdxPart.values()) {
      byte[] items = new byte[(part.isOfTraining() ? 104 : 52) * part.itemBytes()];
      for (int i = 0; i < items.length; i++) {
        items[i] = (byte) (part.holdsImages() ? i * 7 : 1 + i % 26);
      }
      Files.write(
          folder.resolve("emnist-letters-" + part.plainName().replace("t10k", "test")),
          MnistFixture.idx(part, items.length / part.itemBytes(), items));
    }
  }

  private static String ended(String dataset) {
    String id = server.startRun(SMALL.formatted(dataset)).getString("id");
    server.awaitStatus(id, "completed");
    return id;
  }

  @AfterAll
  static void stop() {
    context.close();
    server.close();
  }

  @BeforeEach
  void openPage() {
    page = context.newPage();
    page.onPageError(complaints::add);
  }

  @AfterEach
  void closePage() {
    page.close();
    assertEquals(List.of(), complaints);
  }

  @Test
  void form_offersTheDatasetsWithTheirCounts_andStartsOnOne() {
    open("");
    page.getByText("More settings").click();
    Locator choice = page.locator("#field-dataset");
    assertThat(choice.locator("option"))
        .hasText(
            new String[] {
              "MNIST: 10 classes, 60,000 + 10,000 images",
              "Fashion-MNIST: 10 classes, 60,000 + 10,000 images",
              "broken: can’t be used",
              "letters: 26 classes, 104 + 52 images",
              petsChoice()
            });
    assertThat(choice.locator("option[value=broken]")).isDisabled();
    assertTrue(
        choice
            .locator("option[value=broken]")
            .getAttribute("title")
            .contains("neither the four IDX files"));
    assertThat(page.locator("#field-trainingExamples")).hasAttribute("placeholder", "5000");
    choice.selectOption("letters");
    assertThat(page.locator("#field-trainingExamples")).hasAttribute("placeholder", "104");
    assertThat(page.locator("#field-testExamples")).hasAttribute("placeholder", "52");
    assertThat(page.locator("#field-classes")).hasCount(0);
    page.locator("#field-epochs").fill("1");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("verdict")).containsText("After epoch 1");
    assertThat(page.locator("#facts")).containsText("letters");
    // Again, with what the run had.
    page.locator("#again").click();
    assertThat(choice).hasValue("letters");
  }

  private static String petsChoice() {
    var pets =
        new io.vertx.core.json.JsonObject(server.get("/api/datasets").body())
            .getJsonArray("datasets")
            .getJsonObject(4);
    return "pets: 2 classes, %d + %d images"
        .formatted(pets.getInteger("training"), pets.getInteger("test"));
  }

  @Test
  void classes_standByTheirNames_whereImagesAreNoDigits() {
    open("run=" + fashion);
    Locator think = page.getByTestId("think");
    think.scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("on-pad")).hasText("Test image 1: Ankle boot");
    assertThat(page.getByTestId("pad")).hasAttribute("aria-label", "Image to ask about");
    assertThat(page.getByTestId("said-none"))
        .hasText(Pattern.compile("T-shirt/top|Trouser|[A-Z][a-z]+( boot)?"));
    assertThat(page.getByTestId("wrong-summary")).containsText("of 20 test images");
    Locator heads = page.getByTestId("confusion-batch").locator("tbody th");
    assertThat(heads).hasCount(10);
    assertThat(heads.nth(9)).hasText("Ankle boot");
    assertThat(page.locator("#facts")).containsText("T-shirt/top, Trouser, Pullover");
    assertEquals(false, think.innerText().toLowerCase().contains("digit"));
    page.setViewportSize(390, 844);
    assertEquals(390, ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue());
    page.setViewportSize(1280, 1000);
  }

  @Test
  void manyClasses_haveTheirBarsAndMatrices() {
    open("run=" + letters);
    page.getByTestId("think").scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("on-pad")).hasText("Test image 1: 1");
    assertThat(page.getByTestId("confusion-none").locator("tbody td")).hasCount(26 * 26);
    assertThat(page.locator(".answer").first().locator("tbody tr")).hasCount(26);
    page.setViewportSize(390, 844);
    assertEquals(390, ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue());
    page.setViewportSize(1280, 1000);
  }

  private void open(String view) {
    page.navigate(server.url() + "/#" + view);
    assertThat(page.getByTestId("start")).isEnabled();
  }
}
