package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page teaches: experiments to try, the difference, what a run shows. */
class PageLearnTest extends PageFixture {
  @Override
  String first() {
    return null;
  }

  @Test
  void preset_startsWithOneClick_andSaysWhatToLookFor() {
    open("/");
    // Open already where there is no run yet.
    page.getByTestId("presets").evaluate("fold => fold.open = true");
    page.getByTestId("preset-fast").focus();
    page.keyboard().press("Enter");
    assertThat(page.getByTestId("look")).containsText("Without BatchNorm");
    assertThat(page.locator("[name=learningRate]")).hasValue("0.15");
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertThat(page.getByTestId("lane-none").getByTestId("lane-accuracy"))
        .hasText(Pattern.compile("1?\\d\\.\\d%"));
    assertThat(page.getByTestId("lane-batch").getByTestId("lane-accuracy"))
        .hasText(Pattern.compile("(8[5-9]|9\\d)\\.\\d%"));
    page.waitForURL(url -> url.contains("scale=log"));
  }

  @Test
  void difference_isTold_overIterationsEpochsAndSeconds() {
    String id = endedRun();
    show("#run=" + id + "&reach=50");
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertThat(page.getByTestId("claim-stability"))
        .containsText(Pattern.compile("With 100 test images, less than \\d+\\.\\d points can"));
    page.getByTestId("difference").scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("gap-accuracy")).hasText(Pattern.compile(".*points, epoch 3"));
    assertThat(page.getByTestId("gap-loss")).hasText(Pattern.compile(".*nats, iteration 30"));
    page.getByTestId("base-epoch").click();
    assertThat(page.getByTestId("gap-loss")).hasText(Pattern.compile(".*nats, epoch 3.0"));
    page.getByTestId("base-seconds").click();
    assertThat(page.getByTestId("gap-accuracy"))
        .hasText(Pattern.compile(".*points, after \\d+\\.\\d s"));
    page.waitForURL(url -> url.contains("base=seconds"));
    assertThat(page.getByTestId("lead")).not().isEmpty();
    assertThat(page.getByTestId("step-cost"))
        .containsText(
            Pattern.compile(
                "without BatchNorm, \\d.* with BatchNorm(: \\d+\\.\\d\\d times as long|\\. This is not)"));
    page.getByTestId("reach").selectOption("98");
    assertThat(page.getByTestId("reached")).containsText("Without BatchNorm: not so far.");
  }

  @Test
  void difference_ofTwoVariantsChosenAmongThree() {
    String id =
        endedRun(
            """
            {"trainingExamples":600,"testExamples":100,"epochs":2,"hiddenLayers":[16],"variants":[
              {"normalization":"none"},{"normalization":"batch"},
              {"normalization":"batch","name":"faster","learningRate":0.01}]}""");
    show("#run=" + id);
    page.getByTestId("pair").selectOption("1-2");
    assertThat(page.getByTestId("reached")).containsText("faster");
    page.waitForURL(url -> url.contains("pair=2-3"));
  }

  @Test
  void gapsLeadsAndReaches_ofKnownNumbers() {
    Object answer =
        evaluatedAlone(
            """
            async () => {
              const { newState, fold } = await import('/run/state.js');
              const of = await import('/run/difference.js');
              const settings = { trainingExamples: 10, batchSize: 5, epochs: 3,
                  variants: [{ normalization: 'none' }, { normalization: 'batch' }] };
              const state = newState({ id: 'x', status: 'running', settings });
              const accuracies = { none: [0.5, 0.8, 0.7], batch: [0.6, 0.7, 0.9] };
              let seq = 0;
              for (const variant of ['none', 'batch']) {
                accuracies[variant].forEach((testAccuracy, k) => fold(state, [{ seq: ++seq, type: 'epoch',
                    variant, epoch: k + 1, iteration: 2 * k + 2, testAccuracy, elapsedSeconds: k + 1,
                    examplesPerSecond: 10 }]));
              }
              const [none, batch] = state.variants;
              const gaps = of.accuracyGaps(none, batch);
              return JSON.stringify([of.leads(gaps), of.reaches(batch, 0.7).epoch, of.reaches(none, 0.9),
                  of.stepSeconds(none, 5), of.accuracyGapsInTime(none, batch).at(-1).seconds]);
            }""");
    assertEquals("[{\"leader\":1,\"since\":3,\"changes\":2,\"level\":false},2,null,0.5,3]", answer);
  }

  @Test
  void words_ofALevelLead_andOfAMachineSharedUnevenly() {
    Object said =
        evaluatedAlone(
            """
            async () => {
              const { leadText, stepText } = await import('/text/learn.js');
              const { leads } = await import('/run/difference.js');
              const pair = ['none', 'batch'].map((normalization) =>
                  ({ name: normalization, normalization, ofBatchNorm: true, members: [null] }));
              const gaps = [-0.1, 0.1, 0, 0.2].map((gap, k) => ({ gap, epoch: k + 1 }));
              return [leadText(pair, leads(gaps), gaps, true, []),
                  stepText(pair, [0.001, 0.0012]), stepText(pair, [0.001, 0.0008])].join(' | ');
            }""");
    assertEquals(
        "Higher with BatchNorm, or level, from epoch 2 on; the lead changed once."
            + " | 1.00 ms without BatchNorm, 1.20 ms with BatchNorm: 1.20 times as long. They share"
            + " this machine, so times are rough."
            + " | 1.00 ms without BatchNorm, 0.80 ms with BatchNorm. This is not what BatchNorm"
            + " costs, since it does more in each step: the two did not get equal shares of this"
            + " machine.",
        said);
  }

  @Test
  void findings_fillTheNotebooksTable_andLeadToTheirStretchOfTheCharts() {
    String id =
        endedRun("{\"learningRate\":0.1,\"epochs\":4,\"trainingExamples\":2000,\"seed\":2}");
    show("#run=" + id);
    assertThat(page.getByTestId("claim-early"))
        .containsText(Pattern.compile("After epoch 1: .*%.* with, .*% without"));
    assertThat(page.getByTestId("claim-final")).containsText("As expected");
    assertThat(page.getByTestId("claim-stability"))
        .containsText(Pattern.compile("Without BatchNorm it collapsed: its loss rose to \\d{2,}"));
    assertThat(page.getByTestId("claim-rate")).containsText("As expected");
    assertThat(page.getByTestId("honestly")).containsText("one run with one seed");
    page.getByTestId("claim-show-early").click();
    page.waitForFunction("() => location.hash.includes('x=0-68')");
    page.getByTestId("next-seed").click();
    assertThat(page.locator("#run-summary")).containsText("seed 3");
  }

  @Test
  void findings_ofANoisyGap_saySo() {
    Object verdicts =
        evaluatedAlone(
            """
            async () => {
              const { newState, fold } = await import('/run/state.js');
              const { claims } = await import('/run/claims.js');
              const settings = { trainingExamples: 10, testExamples: 100, batchSize: 5, epochs: 4,
                  learningRate: 0.001, variants: [{ normalization: 'none' }, { normalization: 'batch' }] };
              const state = newState({ id: 'x', status: 'running', settings });
              const early = claims(state).early.verdict;
              const accuracies = { none: [0.5, 0.9, 0.6, 0.9], batch: [0.9, 0.9, 0.91, 0.88] };
              let seq = 0;
              for (const variant of ['none', 'batch']) {
                accuracies[variant].forEach((testAccuracy, k) => fold(state, [{ seq: ++seq, type: 'epoch',
                    variant, epoch: k + 1, iteration: 2 * k + 2, testAccuracy }]));
              }
              const of = claims(state);
              return [early, of.early.verdict, of.final.verdict, of.stability.verdict, of.rate.verdict].join();
            }""");
    assertEquals("pending,expected,unclear,expected,unclear", verdicts);
  }
}
