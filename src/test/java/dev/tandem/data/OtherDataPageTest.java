package dev.tandem.data;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.tandem.TestBrowser;
import dev.tandem.TestServer;
import dev.tandem.web.Access;
import io.vertx.core.json.JsonObject;
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

/** The page of a server that was started with another datasets folder than before. */
class OtherDataPageTest {
  private static final String SHORT =
      "{\"trainingExamples\":600,\"testExamples\":100,\"epochs\":2,\"hiddenLayers\":[16]}";

  @TempDir static Path folders;
  private static TestServer server;
  private static BrowserContext context;

  /** A run on the folder before, one that was stopped on it, and one on the folder now. */
  private static String before;

  private static String stopped;
  private static String now;

  private final List<String> complaints = new ArrayList<>();
  private Page page;

  @BeforeAll
  static void start() throws IOException {
    Path digits = Files.createDirectory(folders.resolve("digits"));
    Path shoes = Files.createDirectory(folders.resolve("shoes"));
    new MnistFixture(1).write(digits, IdxPart::plainName, false);
    new MnistFixture(2).write(shoes, IdxPart::plainName, false);
    try (TestServer earlier = start(digits)) {
      before = ended(earlier);
      stopped =
          earlier
              .startRun(SHORT.replace("\"epochs\":2", "\"epochs\":90,\"iterationsPerSecond\":50"))
              .getString("id");
      TestServer.until(() -> iteration(earlier) > 20);
    }
    server = start(shoes);
    now = ended(server);
    context =
        TestBrowser.shared()
            .newContext(new Browser.NewContextOptions().setViewportSize(1280, 1000));
    context.setDefaultTimeout(TestServer.SECONDS * 1000.0);
  }

  private static TestServer start(Path datasets) {
    return TestServer.start(
        TestServer.settings(
            "127.0.0.1",
            folders.resolve("data"),
            1,
            Optional.of(datasets),
            List.of(),
            Access.DEFAULTS));
  }

  private static String ended(TestServer on) {
    String id = on.startRun(SHORT).getString("id");
    on.awaitStatus(id, "completed");
    return id;
  }

  private static int iteration(TestServer on) {
    return on.run(stopped).getJsonArray("trainings").getJsonObject(1).getInteger("iteration");
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
  void fingerprint_isInTheDetails_andInTheReport() throws Exception {
    open("run=" + now);
    String shown = shown(now, "training");
    assertThat(fact("Training images, fingerprint")).hasText(shown);
    assertThat(fact("Test images, fingerprint")).hasText(shown(now, "test"));
    page.getByText("Pictures, report, commands").click();
    Path report = page.waitForDownload(() -> page.getByTestId("report").click()).path();
    assertTrue(Files.readString(report).contains(shown));
  }

  @Test
  void runsOnDifferentImages_areMarked_andThatIsSaid() {
    String again = ended(server);
    open("run=" + now + "&compare=" + now + "," + again);
    assertThat(row("Training images, fingerprint")).containsText(shown(now, "training"));
    assertThat(row("Training images, fingerprint")).not().containsText("differs");
    assertThat(page.getByTestId("compare-other")).isHidden();

    open("run=" + now + "&compare=" + before + "," + now);
    for (String part : List.of("training", "test")) {
      Locator row = row(part.substring(0, 1).toUpperCase() + part.substring(1) + " images, finger");
      assertThat(row).containsText("differs");
      assertThat(row).containsText(shown(before, part));
      assertThat(row).containsText(shown(now, part));
    }
    assertThat(page.getByTestId("compare-other"))
        .containsText("These runs were not all trained and tested on the same images");
  }

  @Test
  void runThatCantGoOnHere_saysWhy() {
    open("run=" + stopped);
    assertThat(page.getByTestId("verdict"))
        .containsText("This run was begun on other images (training " + shown(before, "training"));
    assertThat(page.getByTestId("verdict")).containsText("start Tandem with the --datasets");
    assertEquals(
        true,
        page.getByTestId("verdict").evaluate("of => of.scrollHeight <= of.clientHeight"),
        "all of it is seen");
    assertThat(page.getByTestId("lane-none").getByTestId("lane-status"))
        .containsText("Queued: This run was begun on other images");
  }

  @Test
  void digitsOfARunThatWasTestedOnOthers_areNotShown() {
    open("run=" + before);
    page.getByTestId("think").scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("wrong-summary"))
        .hasText(
            "This run was tested on other images (%s) than this server has (%s)."
                .formatted(shown(before, "test"), shown(now, "test")));
    page.getByTestId("next-digit").click();
    assertThat(page.getByTestId("on-pad")).not().containsText("Test digit");

    // The same page, another run: its own digits, and not those that were refused.
    page.navigate(server.url() + "/#run=" + now);
    assertThat(page.getByTestId("on-pad")).containsText(Pattern.compile("Test digit 1, a \\d"));
    assertThat(page.getByTestId("wrong-summary")).containsText("of 100 test digits");
  }

  private void open(String view) {
    page.navigate("about:blank");
    page.navigate(server.url() + "/#" + view);
    assertThat(page.getByTestId("start")).isEnabled();
  }

  private Locator fact(String name) {
    return page.locator("#facts div:has(dt:text-is(\"" + name + "\")) dd");
  }

  private Locator row(String name) {
    return page.getByTestId("comparison").locator("tr:has(th:has-text(\"" + name + "\"))");
  }

  private static String shown(String id, String part) {
    JsonObject data = server.run(id).getJsonObject("data");
    return data.getString(part).substring(0, 8);
  }
}
