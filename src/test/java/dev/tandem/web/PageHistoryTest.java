package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page makes of runs that have ended: replay, comparison, things to take away. */
class PageHistoryTest extends PageFixture {
  private static final List<String> CHARTS =
      List.of("loss", "accuracy", "accuracy-difference", "loss-difference");

  @Override
  String first() {
    return null;
  }

  @Test
  void replay_isScrubbedAndPlayed_andAMomentHasItsLink() {
    String id =
        endedRun(
            "{\"trainingExamples\":2000,\"testExamples\":100,\"hiddenLayers\":[16],\"epochs\":4}");
    show("#run=" + id + "&speed=10");
    page.getByTestId("replay").click();
    // It plays by itself, and is over when the button says so; only then one may seek.
    page.waitForFunction("() => tandem.shown('none') === 136 && tandem.shown('batch') === 136");
    assertThat(page.getByTestId("play")).hasText("Play");
    page.getByTestId("moment").fill("0");
    page.waitForFunction("() => tandem.shown('none') === 0 && tandem.drawn('none') === 0");
    String half = page.evaluate("document.querySelector('#replay input').max / 2 + ''").toString();
    page.getByTestId("moment").fill("" + Math.floor(Double.parseDouble(half) * 100) / 100);
    page.waitForFunction(
        """
        () => {
          const shown = tandem.shown('none') + tandem.shown('batch');
          return shown > 0 && shown < 272;
        }""");
    assertThat(page.getByTestId("run-status")).hasText("Replay");
    int seen = number("tandem.shown('batch')");
    page.waitForURL(url -> url.contains("&t="));
    page.reload();
    page.waitForFunction("seen => tandem.shown('batch') === seen", seen);
    page.getByTestId("play").click();
    page.waitForFunction("() => tandem.shown('batch') === 136 && tandem.drawn('none') === 136");
    page.getByTestId("replay-close").click();
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertEquals(136, number("tandem.shown('none')"));
  }

  @Test
  void film_neverShowsMoreThanThereWas() {
    String id = endedRun();
    Object monotone =
        evaluatedAlone(
            """
            async id => {
              const { newState, fold } = await import('/run/state.js');
              const { Film } = await import('/run/film.js');
              const answer = await Promise.all(
                  ['', '/events'].map(async path => (await fetch('/api/runs/' + id + path)).json()));
              const state = newState(answer[0]);
              fold(state, answer[1]);
              const film = new Film(state);
              let before = 0;
              for (let k = 0; k <= 50; k++) {
                film.seek((film.seconds * k) / 50);
                for (const { losses, epochs } of film.moment.variants) {
                  if (epochs.epoch.length * 10 > losses.length) return 'a test before its steps';
                }
                const now = film.moment.variants[0].losses.length;
                if (now < before) return 'backwards';
                before = now;
              }
              return before;
            }""",
            id);
    assertEquals(30, monotone);
  }

  @Test
  void runs_arePickedAndCompared_andTheirDifferencesMarked() {
    String slow = endedRun();
    String fast =
        endedRun(
            """
            {"trainingExamples":600,"testExamples":100,"epochs":3,"hiddenLayers":[16],
             "learningRate":0.02}""");
    show("#run=" + slow);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    page.getByTestId("compare").click();
    assertThat(page.getByTestId("comparison")).containsText("Tick two to 4 ended runs");
    page.locator("[data-run-id='" + fast + "']").getByTestId("pick").check();
    var rows = page.getByTestId("comparison").locator("tbody tr");
    assertThat(rows.filter(new Locator.FilterOptions().setHasText("Learning rate")))
        .containsText("differs");
    assertThat(rows.filter(new Locator.FilterOptions().setHasText("Batch size")))
        .not()
        .containsText("differs");
    assertThat(page.getByTestId("comparison").locator("thead"))
        .containsText(Pattern.compile("A .*16.*B .*, learning rate 0.02, .*16"));
    page.reload();
    assertThat(page.getByTestId("comparison")).containsText("0.02");
    page.getByTestId("compare").click();
    assertThat(page.getByTestId("comparison")).isHidden();
    assertThat(page.getByTestId("chart-loss")).isVisible();
  }

  @Test
  void list_isFilteredAndSorted() {
    String one = endedRun();
    open("/");
    endedRun("{\"trainingExamples\":500,\"testExamples\":100,\"epochs\":2,\"seed\":77}");
    page.getByTestId("find").fill("seed 77");
    assertThat(page.locator("[data-testid=run-item]:visible")).hasCount(1);
    assertThat(page.locator("[data-run-id='" + one + "']")).isHidden();
    page.getByTestId("find").fill("no such words");
    assertThat(page.locator("#runs-note")).containsText("Clear the filter");
    page.getByTestId("find").fill("");
    String newest = page.getByTestId("run-item").first().getAttribute("data-run-id");
    page.getByTestId("sort").selectOption("oldest");
    assertThat(page.getByTestId("run-item").last()).hasAttribute("data-run-id", newest);
    page.waitForURL(url -> url.contains("sort=oldest"));
  }

  @Test
  void run_isTakenAway_asPicturesReportAndCommands() throws IOException {
    String id = endedRun();
    show("#run=" + id);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    page.getByText("Pictures, report, commands").click();
    for (String chart : CHARTS) {
      String picture = new String(download("svg-" + chart), UTF_8);
      assertTrue(picture.startsWith("<svg ") && picture.contains("<path "), picture);
    }
    for (String chart : CHARTS) {
      assertEquals("PNG", new String(download("png-" + chart), 1, 3, UTF_8));
    }
    Path report = Files.write(dataDir.resolve("report.html"), download("report"));
    page.getByTestId("copy-curl").click();
    assertThat(page.getByTestId("snippet")).containsText("curl -X POST '" + server.url());
    page.getByTestId("copy-python").click();
    assertThat(page.getByTestId("snippet")).containsText(id + "/events");

    context.setOffline(true);
    page.navigate(report.toUri().toString());
    assertThat(page.locator("h1")).hasText("Without / with BatchNorm");
    assertThat(page.locator("svg")).hasCount(4);
    assertThat(page.locator("table").last().locator("tbody tr")).hasCount(3);
    assertThat(page.locator("script")).hasCount(0);
  }

  @Test
  void run_isTakenAway_asNumbers() throws IOException {
    show("#run=" + endedRun());
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    List<String> curves =
        new String(download(page.getByText("Curves (CSV)")), UTF_8).lines().toList();
    assertEquals("variant,iteration,epoch,train_loss,test_loss,test_accuracy", curves.get(0));
    assertEquals(1 + 2 * 30, curves.size());
    String layers = new String(download(page.getByText("Layers (CSV)")), UTF_8);
    assertTrue(layers.startsWith("variant,iteration,layer,sum_mean,"), layers);
    JsonArray events = new JsonArray(new String(download(page.getByText("Events (JSON)")), UTF_8));
    assertEquals("completed", events.getJsonObject(events.size() - 1).getString("status"));
  }

  @Test
  void repeats_areTakenAway_asMeansAndBands() throws IOException {
    show(
        "#run="
            + endedRun(
                "{\"trainingExamples\":600,\"testExamples\":100,\"epochs\":2,\"hiddenLayers\":[16],\"repeats\":3}"));
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    page.getByText("Pictures, report, commands").click();
    List<String> rows = new String(download("bands-csv"), UTF_8).lines().toList();
    JsonArray same = new JsonArray(new String(download("bands-json"), UTF_8));
    assertEquals(rows.size() - 1, same.size());
    assertTrue(rows.get(0).startsWith("variant,"), rows.get(0));
  }

  @ParameterizedTest
  @CsvSource({"copy-curl,sh,curl", "copy-python,python3,python3"})
  void command_thatIsCopied_works(String button, String shell, String needed) throws Exception {
    assumeTrue(
        Stream.of("/bin/", "/usr/bin/", "/usr/local/bin/")
            .anyMatch(folder -> Files.isExecutable(Path.of(folder + needed))),
        "no " + needed);
    String id = endedRun();
    show("#run=" + id);
    page.getByText("Pictures, report, commands").click();
    page.getByTestId(button).click();
    String command = page.getByTestId("snippet").textContent();
    Process process = new ProcessBuilder(shell, "-c", command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    if (needed.equals("curl")) {
      String next = said.replaceFirst("(?s).*\"id\":\"([^\"]*)\".*", "$1");
      assertNotEquals(id, next);
      assertEquals(
          server.run(id).getJsonObject("settings"), server.run(next).getJsonObject("settings"));
    } else {
      assertTrue(said.contains("batch 1 3 0."), said);
    }
  }

  private byte[] download(String testId) throws IOException {
    return download(page.getByTestId(testId));
  }

  private byte[] download(Locator button) throws IOException {
    return Files.readAllBytes(page.waitForDownload(button::click).path());
  }
}
