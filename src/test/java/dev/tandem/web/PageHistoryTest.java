package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page makes of runs that have ended: replay, comparison, things to take away. */
class PageHistoryTest extends PageFixture {

  @Test
  void replay_isScrubbedAndPlayed_andAMomentHasItsLink() {
    String id = endedRun("{\"trainingExamples\":2000,\"epochs\":4}");
    show("#run=" + id);
    page.getByTestId("replay").click();
    page.waitForFunction("() => tandem.shown('none') === 136 && tandem.shown('batch') === 136");
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
    assertTrue(page.url().contains("&t="));
    page.reload();
    page.waitForFunction("seen => tandem.shown('batch') === seen", seen);
    page.getByTestId("speed").selectOption("10");
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
        page.evaluate(
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
    var rows = page.getByTestId("comparison").locator("tr");
    assertThat(rows.filter(new Locator.FilterOptions().setHasText("Learning rate")))
        .containsText("differs");
    assertThat(rows.filter(new Locator.FilterOptions().setHasText("Batch size")))
        .not()
        .containsText("differs");
    page.reload();
    assertThat(page.getByTestId("comparison")).containsText("0.02");
    page.getByTestId("compare").click();
    assertThat(page.getByTestId("comparison")).isHidden();
    assertThat(page.getByTestId("chart-loss")).isVisible();
  }

  @Test
  void list_isFilteredAndSorted() {
    String one = endedRun();
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
    assertTrue(page.url().contains("sort=oldest"));
  }

  @Test
  void run_isTakenAway_asPicturesReportAndCommands() throws IOException {
    String id = endedRun();
    show("#run=" + id);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    page.getByText("Pictures, report, commands").click();
    for (String chart : List.of("loss", "accuracy", "accuracy-difference", "loss-difference")) {
      String picture = new String(download("svg-" + chart), UTF_8);
      assertTrue(picture.startsWith("<svg ") && picture.contains("<path "), picture);
    }
    byte[] png = download("png-loss");
    assertEquals("PNG", new String(png, 1, 3, UTF_8));
    Path report = Files.write(dataDir.resolve("report.html"), download("report"));
    page.getByTestId("copy-curl").click();
    assertThat(page.getByTestId("snippet")).containsText("curl -X POST " + server.url());
    page.getByTestId("copy-python").click();
    assertThat(page.getByTestId("snippet")).containsText(id + "/events");

    context.setOffline(true);
    page.navigate(report.toUri().toString());
    assertThat(page.locator("h1")).hasText("Without / with BatchNorm");
    assertThat(page.locator("svg")).hasCount(4);
    assertThat(page.locator("table").last().locator("tbody tr")).hasCount(3);
    assertThat(page.locator("script")).hasCount(0);
  }

  private byte[] download(String testId) throws IOException {
    return Files.readAllBytes(page.waitForDownload(() -> page.getByTestId(testId).click()).path());
  }

  private void show(String hash) {
    page.navigate(server.url() + "/" + hash);
    page.reload();
  }
}
