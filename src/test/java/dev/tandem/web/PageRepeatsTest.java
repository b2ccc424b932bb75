package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A run with repeats on the page: means, bands, each repeat, paired differences and verdicts. */
class PageRepeatsTest extends PageFixture {
  private static final String REQUEST =
      """
      {"trainingExamples":300,"testExamples":100,"epochs":2,"hiddenLayers":[16],"repeats":3}""";

  /** Each of its repeats without BatchNorm diverges in its second iteration. */
  private static final String DIVERGES =
      """
      {"trainingExamples":120,"testExamples":50,"epochs":2,"repeats":3,"learningRate":1000,
       "hiddenLayers":[32,32,32,32,32,32,32,32,32,32,32,32]}""";

  private static String ended;

  @Override
  String first() {
    return null;
  }

  /** The one run that most of these tests look at. */
  private static String repeated() {
    if (ended == null) {
      ended = endedRun(REQUEST);
    }
    return ended;
  }

  @Test
  void repeats_areTrainedAndShown_asMeanBandAndEachAlone() {
    open("/");
    page.getByText("More settings").click();
    page.locator("[name=trainingExamples]").fill("300");
    page.locator("[name=testExamples]").fill("100");
    page.locator("[name=hiddenLayers]").fill("16");
    page.locator("[name=epochs]").fill("2");
    page.locator("[name=repeats]").fill("3");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    for (String variant : List.of("none", "batch")) {
      Locator lane = page.getByTestId("lane-" + variant);
      assertThat(lane.getByTestId("lane-status")).hasText("Completed: 3 repeats");
      assertThat(lane.getByTestId("lane-accuracy"))
          .hasText(Pattern.compile("\\d+\\.\\d% ± \\d+\\.\\d"));
      assertThat(lane.getByRole(com.microsoft.playwright.options.AriaRole.PROGRESSBAR))
          .hasAttribute("aria-valuetext", "3 of 3 repeats ended, 30 of 30 iterations in all");
      assertEquals(10, number("tandem.points('" + variant + "')"));
      page.waitForFunction("name => tandem.drawn(name) === 10", variant);
    }
    assertThat(page.locator("#run-summary")).containsText("3 repeats with seeds 1 to 3");
    assertThat(page.getByTestId("verdict")).containsText("mean of all 3 repeats");
    assertThat(page.locator("#loss-readout")).containsText("Iteration 10, n = 3");

    assertEquals(0, number("tandem.apart()"));
    page.getByTestId("chart-loss").focus();
    page.keyboard().press("ArrowLeft");
    page.waitForFunction("() => tandem.apart() === 6");
    assertThat(page.getByTestId("chart-loss"))
        .hasAttribute(
            "aria-valuetext", Pattern.compile("Iteration 9, n = 3: .*\\d–\\d.*difference.*"));
    page.keyboard().press("Escape");
    page.waitForFunction("() => tandem.apart() === 0");
  }

  @Test
  void band_isChosen_andStandsInTheAddress() {
    show("#run=" + repeated());
    assertThat(page.locator("#accuracy-readout")).containsText(Pattern.compile("\\d–\\d"));
    page.getByTestId("band").selectOption("interval");
    assertThat(page.locator("#accuracy-readout")).containsText(Pattern.compile("± \\d"));
    page.waitForURL(url -> url.contains("band=interval"));
    page.reload();
    assertThat(page.getByTestId("band")).hasValue("interval");
    show("#run=" + endedRun());
    assertThat(page.getByTestId("band")).isHidden();
    assertThat(page.getByTestId("by-repeat")).isHidden();
  }

  @Test
  void difference_isPaired_withItsInterval() {
    show("#run=" + repeated() + "&reach=50");
    page.getByTestId("difference").scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("gap-accuracy"))
        .hasText(Pattern.compile(".*points \\(.* to .*, n = 3\\), epoch 2"));
    assertThat(page.getByTestId("gap-loss"))
        .hasText(Pattern.compile(".*nats \\(.* to .*, n = 3\\), iteration 10"));
    assertThat(page.getByTestId("lead")).containsText(Pattern.compile("of 3 repeats|Level"));
    assertThat(page.getByTestId("reached"))
        .containsText(Pattern.compile("Without BatchNorm: (\\d|none) of 3 repeats"));
    page.getByTestId("base-seconds").click();
    assertThat(page.getByTestId("gap-loss"))
        .hasText(Pattern.compile(".*nats .*n = [123]\\), after.*"));
  }

  @Test
  void findings_restOnAllRepeats_andASingleRunLeadsToThem() {
    show("#run=" + repeated());
    assertThat(page.getByTestId("claim-early"))
        .containsText(Pattern.compile("mean of 3 repeats: .*95% interval"));
    assertThat(page.getByTestId("honestly")).containsText("3 repeats, with seeds 1 to 3");
    assertThat(page.getByTestId("next-seed")).hasText("Repeat with seeds 4 to 6");
    assertThat(page.getByTestId("five-repeats")).isHidden();

    show("#run=" + endedRun());
    assertThat(page.getByTestId("honestly")).containsText("one run with one seed");
    page.getByTestId("five-repeats").click();
    assertThat(page.locator("#run-summary")).containsText("5 repeats with seeds 1 to 5");
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertThat(page.getByTestId("claim-final")).containsText("mean of 5 repeats");
  }

  @Test
  void divergedRepeats_areLeftOutAndTold() {
    show("#run=" + endedRun(DIVERGES));
    Locator lane = page.getByTestId("lane-none");
    assertThat(lane.getByTestId("lane-status")).hasText("Diverged: 3 of 3 repeats");
    assertThat(lane.locator(".piece[data-status=diverged]")).hasCount(3);
    assertThat(page.getByTestId("verdict")).containsText("diverged in 3 of 3 repeats");
    assertThat(page.getByTestId("claim-stability"))
        .containsText("Without, 3 of 3 repeats diverged; with, none of 3 repeats");
    assertThat(page.getByTestId("claim-stability")).containsText("Not enough repeats to tell");
  }

  @Test
  void replay_showsRepeatsOneAfterTheOther() {
    show("#run=" + repeated() + "&speed=10");
    page.getByTestId("replay").click();
    // It plays by itself, and would go on from where one seeks.
    page.waitForFunction("() => tandem.shown('none') === 10 && tandem.shown('batch') === 10");
    assertThat(page.getByTestId("play")).hasText("Play");
    page.getByTestId("moment").fill("0");
    page.waitForFunction("() => tandem.shown('none') === 0 && tandem.drawn('none') === 0");
    assertThat(page.getByTestId("lane-none").getByTestId("lane-status"))
        .containsText(Pattern.compile("Queued|Repeat"));
    page.getByTestId("play").click();
    page.waitForFunction("() => tandem.shown('none') === 10 && tandem.shown('batch') === 10");
    assertThat(page.getByTestId("lane-batch").getByTestId("lane-status"))
        .hasText("Completed: 3 repeats");
  }

  @Test
  void repeats_areTakenAway_andCompared() throws IOException {
    show("#run=" + repeated());
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    page.getByText("Results by repeat").click();
    assertThat(page.getByTestId("by-repeat").locator("tbody tr")).hasCount(4);
    page.getByText("Pictures, report, commands").click();
    for (String chart : List.of("loss", "accuracy", "accuracy-difference", "loss-difference")) {
      String picture = new String(download("svg-" + chart), UTF_8);
      assertTrue(picture.contains("class=\"band\" d=\"M"), chart);
    }
    List<String> rows = new String(download("bands-csv"), UTF_8).lines().toList();
    assertTrue(rows.get(0).startsWith("variant,what,iteration,epoch,n,mean,sd,lowest,highest"));
    assertEquals(1 + 2 * (10 + 2), rows.size());
    assertTrue(rows.get(1).startsWith("none,train_loss,1,1,3,"), rows.get(1));
    JsonArray json = new JsonArray(new String(download("bands-json"), UTF_8));
    assertEquals(24, json.size());
    Path report = Files.write(dataDir.resolve("repeats.html"), download("report"));
    page.getByTestId("compare").click();
    assertThat(page.getByTestId("comparison"))
        .containsText(Pattern.compile("\\d% ± \\d+\\.\\d \\(n = 3\\)"));
    page.navigate(report.toUri().toString());
    assertThat(page.locator("body")).containsText("Results by repeat");
    assertThat(page.locator("svg path.band")).hasCount(6);
  }

  @Test
  void preset_showsBandsWithOneClick() {
    open("/");
    // Held back, so that it is still in its first repeat whenever that is looked at.
    page.route(
        "**/api/runs",
        route -> {
          String sent = route.request().postData();
          route.resume(
              new Route.ResumeOptions()
                  .setPostData(new JsonObject(sent).put("iterationsPerSecond", 2).encode()));
        });
    page.getByTestId("presets").evaluate("fold => fold.open = true");
    page.getByTestId("preset-repeats").click();
    assertThat(page.getByTestId("look")).containsText("mean of five seeds");
    assertThat(page.getByTestId("lane-none").getByTestId("lane-status"))
        .containsText("Repeat 1 of 5");
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("run-status")).hasText("Cancelled");
  }

  @Test
  void axe_findsNothing() {
    show("#run=" + repeated());
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)");
    page.setViewportSize(390, 844);
    assertEquals(390, number("document.documentElement.scrollWidth"), "wider than the screen");
    assertEquals(List.of(), new AxeBuilder(page).analyze().getViolations());
  }

  private byte[] download(String testId) throws IOException {
    return Files.readAllBytes(page.waitForDownload(() -> page.getByTestId(testId).click()).path());
  }
}
