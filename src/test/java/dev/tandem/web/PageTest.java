package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page as its visitors use it: the whole server, a real browser. */
class PageTest extends PageFixture {
  /** Starts a run that goes on for minutes if it is let. */
  private void startLongRun() {
    page.getByText("More settings").click();
    page.locator("[name=epochs]").fill("1000");
    page.locator("[name=iterationsPerSecond]").fill("300");
    page.getByTestId("start").click();
  }

  @Test
  void curves_areDrawnWhileTheyGrow() {
    startLongRun();
    assertThat(page.getByTestId("run-status")).hasText("Running");
    int seen = 0;
    for (int i = 0; i < 3; i++) {
      page.waitForFunction(
          "least => ['none', 'batch'].every(variant => tandem.points(variant) > least"
              + " && tandem.drawn(variant) > 0)",
          seen);
      seen = number("Math.max(tandem.points('none'), tandem.points('batch'))");
    }
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("run-status")).hasText("Cancelled");
  }

  @Test
  void start_withNothingFilledIn_runsTheFirstExperiment() {
    String before = page.url();
    page.getByTestId("start").click();
    page.waitForURL(url -> !url.equals(before));
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    for (String variant : List.of("none", "batch")) {
      assertEquals(840, number("tandem.points('" + variant + "')"));
      assertEquals(10, number("tandem.epochs('" + variant + "')"));
      Locator lane = page.getByTestId("lane-" + variant);
      assertThat(lane.getByTestId("lane-accuracy"))
          .hasText(Pattern.compile("(8[5-9]|9\\d)\\.\\d\\s*%"));
      assertThat(lane.getByTestId("lane-status")).hasText("Completed");
      assertThat(lane.getByTestId("lane-epoch")).containsText("10");
    }
  }

  @Test
  void cancel_endsTheRun() {
    startLongRun();
    page.waitForFunction("() => tandem.points('none') > 0");
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("run-status")).hasText("Cancelled");
    assertThat(page.getByTestId("lane-batch").getByTestId("lane-status")).hasText("Cancelled");
  }

  @Test
  void permalink_showsTheSameRunAgain() {
    String first = endedRun();
    endedRun();
    show("#run=" + first);
    page.waitForFunction("() => tandem.points('batch') === 30");
    page.waitForURL(url -> url.contains(first));
    Locator chosen = page.locator("[data-testid=run-item][data-run-id='" + first + "']");
    assertThat(chosen).isVisible();
    assertThat(page.getByTestId("run-status")).hasText("Completed");
  }

  @Test
  void unknownPermalink_saysSo() {
    show("#run=20260101-000000-000-aaaa");
    assertThat(page.locator("main"))
        .containsText(Pattern.compile("no run|not here|deleted", Pattern.CASE_INSENSITIVE));
  }

  @Test
  void faultyFields_haveTheirMessagesBesideThem_untilTheyAreMended() {
    page.locator("[name=epochs]").fill("0");
    page.locator("[name=learningRate]").fill("fast");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("error-epochs")).containsText("from 1 to 1,000");
    assertThat(page.getByTestId("error-learningRate")).containsText("above 0");
    assertThat(page.locator("[name=epochs]")).isFocused();
    assertEquals("true", page.locator("[name=epochs]").getAttribute("aria-invalid"));
  }

  @Test
  void faultInAFoldedField_opensTheFold() {
    page.getByText("More settings").click();
    page.locator("[name=hiddenLayers]").fill("64, x");
    page.getByText("More settings").click();
    page.getByTestId("start").click();
    assertThat(page.getByTestId("error-hiddenLayers")).isVisible();
  }

  @Test
  void fullDatasetWithoutNetwork_saysWhatToDo() {
    page.getByText("More settings").click();
    page.locator("[name=trainingExamples]").fill("6000");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("run-status")).hasText("Failed");
    assertThat(page.locator("main")).containsText("the full MNIST could not be downloaded");
  }

  @Test
  void runStartedElsewhere_appearsInTheList_andLeavesItWhenDeleted() {
    String id = endedRun();
    Locator item = page.locator("[data-testid=run-item][data-run-id='" + id + "']");
    assertThat(item).isVisible();
    server.delete("/api/runs/" + id);
    assertThat(item).hasCount(0);
  }

  @Test
  void lostConnection_isSaid_andCaughtUpAfterwards() {
    startLongRun();
    page.waitForFunction("() => tandem.points('none') > 100");
    context.setOffline(true);
    page.waitForFunction("() => document.querySelector('#live').dataset.mode !== 'live'");
    int before = number("tandem.points('none')");
    context.setOffline(false);
    page.waitForFunction("least => tandem.points('none') > least", before);
    assertThat(page.getByTestId("live")).containsText("Live");
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("run-status")).hasText("Cancelled");
    String id = page.url().replaceFirst(".*run=([^&]+).*", "$1");
    JsonObject none = server.run(id).getJsonArray("trainings").getJsonObject(0);
    assertEquals(none.getInteger("iteration"), number("tandem.points('none')"));
  }

  @Test
  void keyboard_startsARun() {
    page.locator("[name=epochs]").fill("1");
    page.keyboard().press("Enter");
    assertThat(page.getByTestId("run-status")).hasText("Completed");
  }

  @Test
  void phone_hasItsFormBehindAButton() {
    show("#run=" + endedRun());
    page.setViewportSize(390, 844);
    assertThat(page.getByTestId("start")).isHidden();
    page.getByTestId("new-run").click();
    assertThat(page.getByTestId("start")).isVisible();
    assertEquals(390, number("document.documentElement.scrollWidth"), "wider than the screen");
    assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Start")))
        .isVisible();
  }

  @Test
  void fold_inPieces_withOverlap_isTheFoldOfTheWhole() {
    String id = endedRun();
    Object same =
        evaluatedAlone(
            """
            async id => {
              const { newState, fold } = await import('/run/state.js');
              const answer = await Promise.all(
                  ['', '/events'].map(async path => (await fetch('/api/runs/' + id + path)).json()));
              const [run, events] = answer;
              const whole = newState(run);
              fold(whole, events);
              const pieces = newState(run);
              for (let i = 0; i < events.length; i++) {
                fold(pieces, events.slice(Math.max(0, i - 3), i + 1));
              }
              const of = state => JSON.stringify(state.variants.map(({ status, losses, epochs }) =>
                  [status, losses, epochs.testAccuracy].map(of => of.values?.slice(0, of.length) ?? of)));
              return of(whole) === of(pieces) && whole.variants[0].losses.length === 30;
            }""",
            id);
    assertEquals(true, same);
  }
}
