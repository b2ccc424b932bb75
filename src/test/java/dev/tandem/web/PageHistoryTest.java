package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    page.waitForFunction("() => tandem.shown('batch') > 0 && tandem.shown('batch') < 136");
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
              const { newState, fold } = await import('/state.js');
              const { Film } = await import('/film.js');
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

  private void show(String hash) {
    page.navigate(server.url() + "/" + hash);
    page.reload();
  }
}
