package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.options.SelectOption;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Variants that differ in anything: what they are called, what they are drawn over. */
class PageVariantsTest extends PageFixture {
  /** Of 600 examples 15 iterations in an epoch of the one, 10 in one of the other. */
  private static final String TWO_BATCH_SIZES =
      """
      {"trainingExamples":600,"testExamples":100,"epochs":3,"hiddenLayers":[16],"variants":[
        {"optimizer":"sgd","learningRate":0.1,"batchSize":40},{"optimizer":"adam","learningRate":0.001}]}""";

  private static final String SIX =
      """
      {"trainingExamples":600,"testExamples":100,"epochs":2,"hiddenLayers":[16],"variants":[
        {"optimizer":"sgd","learningRate":0.1},{"optimizer":"rmsprop"},
        {"activation":"tanh","name":"a network with a name of as many letters"},
        {"normalization":"layer","batchSize":30},{"hiddenLayers":[16,16]},{"dropout":0.2}]}""";

  /** What a state is made of, and one of a batch size of 4 beside one of 5, over 10 examples. */
  private static final String MADE =
      """
      const { newState, fold } = await import('/run/state.js');
      const { Axis } = await import('/run/axis.js');
      const stateOf = (variants, more = {}) => newState({ id: 'x', status: 'completed', settings: { trainingExamples: 10,
          testExamples: 100, batchSize: 5, epochs: 3, learningRate: 0.001, hiddenLayers: [4], seed: 1, variants, ...more } });
      const uneven = (more) => stateOf([{ name: 'small', batchSize: 4 }, { name: 'large' }], more);
      const feed = (state) => {
        let seq = 0;
        for (const { name, schedule: { perEpoch, total } } of state.variants) {
          fold(state, [{ seq: ++seq, type: 'steps', variant: name, repeat: 1, from: 1,
              losses: Array.from({ length: total }, (_, k) => (k + 1) / perEpoch) }]);
          for (let epoch = 1; epoch <= 3; epoch++) fold(state, [{ seq: ++seq, type: 'epoch', variant: name, repeat: 1, epoch,
              iteration: epoch * perEpoch, testAccuracy: name === 'small' ? 0.5 : 0.6, elapsedSeconds: epoch * perEpoch }]);
        }
        return state;
      };
      """;

  @Override
  String first() {
    return null;
  }

  private static String six;
  private static String twoBatchSizes;

  /** Each is trained once for all tests. */
  @BeforeAll
  static void train() {
    six = endedRun(SIX);
    twoBatchSizes = endedRun(TWO_BATCH_SIZES);
  }

  private Object evaluated(String script) {
    return evaluatedAlone("async () => {" + MADE + script + "}");
  }

  @Test
  void variant_isItsRunsSettings_butForWhatItSays() {
    assertEquals(
        "none relu 0.001 5 activation,learningRate | none tanh 0.1 5 activation,learningRate",
        evaluated(
            """
            const told = ({ settings, differing }) => [settings.normalization, settings.activation,
                settings.learningRate, settings.batchSize, differing].join(' ');
            return stateOf([{}, { name: 'b', activation: 'tanh', learningRate: 0.1 }]).variants.map(told).join(' | ');"""));
  }

  @Test
  void batchNorm_isWhatIsCompared_whereNothingElseIs() {
    assertEquals(
        "true true true | false false false",
        evaluated(
            """
            const [none, batch, layer] = ['none', 'batch', 'layer'].map((normalization) => ({ normalization }));
            const of = (...variants) => stateOf(variants).variants[0].ofBatchNorm;
            return [[of(none, batch), of(batch, none), of(none, { ...batch, learningRate: 0.02 })].join(' '),
                [of(none, { ...batch, dropout: 0.1 }), of(none, layer), of(none, batch, layer)].join(' ')].join(' | ');"""));
  }

  @Test
  void momentum_thatNoOptimizerUses_isNoDifference() {
    assertEquals(
        "normalization | optimizer,momentum optimizer",
        evaluated(
            """
            const { variantsOf } = await import('/run/variants.js');
            const of = (...variants) => variantsOf({ optimizer: 'adam', momentum: 0.9, variants }).map(({ differing }) => differing.join());
            return [of({ momentum: 0.5 }, { normalization: 'batch' })[0],
                of({ optimizer: 'nesterov' }, {}).join(' ')].join(' | ');"""));
  }

  @Test
  void axis_placesEveryIteration_whereItsExamplesOrSecondsAre() {
    assertEquals(
        "epoch iteration | 4,8,10,14 5,10,15,20 | 0.4,0.8,1,1.4 0.5,1,1.5,2 | 1,2,3,4 | 3,6,9 2,4,6 | true"
            + " | 30 9",
        evaluated(
            """
            const { usualBase } = await import('/run/axis.js');
            const state = feed(uneven());
            const even = stateOf([{ name: 'a' }, { name: 'b', optimizer: 'sgd' }]);
            const [small, large] = state.variants;
            const places = (base, variant) => [1, 2, 3, 4].map((k) => Number(new Axis(state, base).at(variant, k).toFixed(6))).join();
            const ends = (variant) => [1, 2, 3].map((epoch) => new Axis(state, 'seconds').epochEnd(variant, epoch)).join();
            const back = ['iteration', 'examples', 'epoch', 'seconds'].every((base) => state.variants.every((variant) => {
              const axis = new Axis(state, base);
              return Array.from({ length: variant.schedule.total }, (_, k) => k + 1).every((k) => Math.abs(axis.iterationAt(variant, axis.at(variant, k)) - k) < 1e-9);
            }));
            return [`${usualBase(state)} ${usualBase(even)}`, `${places('examples', small)} ${places('examples', large)}`,
                `${places('epoch', small)} ${places('epoch', large)}`, places('seconds', small), `${ends(small)} ${ends(large)}`, back,
                `${new Axis(state, 'examples').end} ${new Axis(state).limit}`].join(' | ');"""));
  }

  @Test
  void losses_areComparedAfterAsManyExamples_andPicturesHoldEveryPoint() {
    assertEquals(
        "0.000 | [] | 9,6 9,6 9,6 9,6",
        evaluated(
            """
            const { accuracyGapsOver, gapAxis, placedOn } = await import('/run/gaps.js');
            const { lossGaps } = await import('/run/difference.js');
            const { SmoothedVariant } = await import('/run/smoothing.js');
            const { FIGURES, drawFigure } = await import('/chart/figures.js');
            const state = feed(uneven());
            // A loss that is the epoch: after as many examples the two are alike, if each step is taken as done.
            const lines = state.variants.map((variant) => { const of = new SmoothedVariant(variant, 0); of.update(); return of.lines; });
            const { axis, window } = gapAxis(state, new Axis(state, 'iteration'), [0, 9]);
            const rows = lossGaps(lines[0].map((line, r) => [line, lines[1][r]]), window, 3, placedOn(axis, state.variants));
            const faults = [];
            const counts = [];
            for (const base of ['iteration', 'examples', 'epoch', 'seconds']) {
              for (const name of FIGURES) {
                const picture = drawFigure(name, state, { base, smooth: 0, log: false, band: 'range', zoom: null, pair: null });
                const paths = [...picture.querySelectorAll('path')].map((path) => path.getAttribute('d'));
                if (/NaN|Infinity|undefined/.test(picture.outerHTML)) faults.push(`${base} ${name}`);
                if (name === 'loss') counts.push(paths.slice(2).map((d) => d.match(/[ML]/g).length).join());
              }
            }
            return [rows.at(-1).gap.toFixed(3), JSON.stringify(faults), counts.join(' ')].join(' | ');"""));
  }

  @Test
  void words_areOfBatchNorm_onlyWhereItIsCompared() {
    assertEquals(
        "Without / with BatchNorm; Without BatchNorm, With BatchNorm; true"
            + " | No normalization / BatchNorm / LayerNorm; No normalization, BatchNorm, LayerNorm; false"
            + " | SGD 0.1 / Adam 0.001; SGD 0.1, Adam 0.001; false",
        evaluated(
            """
            const { runTitle, variantLabel } = await import('/text/text.js');
            const { claims } = await import('/run/claims.js');
            return [[{ normalization: 'none' }, { normalization: 'batch' }], [{ normalization: 'none' }, { normalization: 'batch' }, { normalization: 'layer' }],
                [{ name: 'SGD 0.1', optimizer: 'sgd', learningRate: 0.1 }, { name: 'Adam 0.001' }]].map((variants) => {
              const state = stateOf(variants);
              return [runTitle(state.settings), state.variants.map(variantLabel).join(', '), claims(state) !== null].join('; ');
            }).join(' | ');"""));
    assertEquals(
        List.of(),
        evaluated(
            """
            const { quantityText, LENS } = await import('/text/text.js');
            const { QUANTITIES, isTold } = await import('/run/layers.js');
            const { variants } = stateOf([{ name: 'tanh', activation: 'tanh' }, { name: 'layer', normalization: 'layer' }]);
            const said = Object.keys(QUANTITIES).filter((of) => variants.some((variant) => isTold(of, variant))).map((of) => Object.values(quantityText(of, variants)).join(' '));
            return [...said, LENS.hint(variants), LENS.histograms(variants)].filter((words) => /BatchNorm|Batch Norm|running|enters the ReLU/.test(words));"""));
  }

  @Test
  void run_ofTwoBatchSizes_isDrawnOverEpochs_orWhatOneChooses() {
    String id = twoBatchSizes;
    show("#run=" + id);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertThat(page.getByTestId("base")).hasValue("epoch");
    assertThat(page.locator("#loss-readout .place")).hasText("Epoch 3.0");
    assertThat(page.locator("#findings")).isHidden();
    page.getByTestId("difference").scrollIntoViewIfNeeded();
    assertThat(page.getByTestId("gap-loss")).hasText(Pattern.compile(".*nats, epoch 3.0"));
    page.getByTestId("base").selectOption("examples");
    page.waitForURL(url -> url.contains("base=examples"));
    assertThat(page.locator("#loss-readout .place")).hasText("1,800 examples");
    assertThat(page.getByTestId("gap-loss")).hasText(Pattern.compile(".*nats, 1,800 examples"));
    page.evaluate("tandem.zoom([15, 30])");
    page.waitForURL(url -> url.contains("x=15-30"));
    page.getByTestId("chart-loss").focus();
    page.keyboard().press("Home");
    assertThat(page.locator("#loss-readout .place")).hasText("40 examples");
    page.keyboard().press("End");
    assertThat(page.locator("#loss-readout .place")).hasText("1,800 examples");
    page.getByTestId("base-iteration").click();
    // On an axis of iterations the two have not seen as much: no difference is told there.
    assertThat(page.locator("#loss-readout .difference .value")).hasText("–");
    assertThat(page.getByTestId("gap-loss")).hasText(Pattern.compile(".*nats, [\\d,]+ examples"));
    page.getByTestId("base-seconds").click();
    assertThat(page.getByTestId("gap-accuracy")).hasText(Pattern.compile(".*points, after .* s"));
    page.getByTestId("base-epoch").click();
    page.waitForURL(url -> !url.contains("base="));
    assertFalse(
        page.locator("#race, #difference, #lens, #details-title")
            .allInnerTexts()
            .toString()
            .contains("BatchNorm"));
  }

  @Test
  void replay_ofTwoBatchSizes_endsWhereTheRunEnded() {
    String id = twoBatchSizes;
    assertEquals(
        "45 30 3 3 running",
        evaluatedAlone(
            """
            async (id) => {
              const { newState, fold } = await import('/run/state.js');
              const { Film } = await import('/run/film.js');
              const state = newState(await (await fetch(`/api/runs/${id}`)).json());
              fold(state, await (await fetch(`/api/runs/${id}/events`)).json());
              const film = new Film(state);
              film.seek(film.seconds / 2);
              const { status } = film.moment;
              film.seek(film.seconds);
              const [a, b] = film.moment.variants;
              return [a.losses.length, b.losses.length, a.epochs.epoch.last, b.epochs.epoch.last, status].join(' ');
            }""",
            id));
  }

  @Test
  void sixVariants_haveTheirRoom_onEveryScreen() {
    String id = six;
    show("#run=" + id);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    for (int width : new int[] {360, 760, 1024, 1440}) {
      page.setViewportSize(width, 900);
      page.waitForFunction(
          "width => document.querySelector('#loss canvas').clientWidth < width", width);
      assertEquals(width, number("document.documentElement.scrollWidth"), "wider than the screen");
      assertEquals(
          List.of(),
          page.evaluate(
              """
              () => {
                const boxes = (selector) => [...document.querySelectorAll(selector)].map((of) => of.getBoundingClientRect());
                const faults = [];
                for (const selector of ['.lane h3', '#loss-readout .cell', '#accuracy-readout .cell', '.run .score']) {
                  const all = boxes(selector);
                  if (all.length < 6) faults.push(`${selector}: ${all.length}`);
                  all.forEach((a, k) => all.slice(0, k).forEach((b) => {
                    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) faults.push(`${selector} overlap`);
                  }));
                }
                for (const cell of document.querySelectorAll('.readout .cell')) {
                  if (cell.lastChild.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1) faults.push(`a number leaves its cell: ${cell.textContent}`);
                }
                const inks = new Set([...document.querySelectorAll('.lane')].map((lane) => lane.className));
                if (inks.size !== 6) faults.push(`${inks.size} colours`);
                return faults;
              }"""));
    }
  }

  @Test
  void trainedNetwork_isOffered_inTheFormatsThatThereAre() {
    String id = six;
    show("#run=" + id);
    assertThat(page.getByTestId("model-npz"))
        .hasAttribute("href", Pattern.compile("/models\\?variant=.*&repeat=1&format=npz$"));
    assertThat(page.getByTestId("model-dl4j")).isVisible();
    page.getByTestId("model").selectOption(new SelectOption().setIndex(3));
    assertThat(page.getByTestId("model-dl4j")).isHidden();
    assertThat(page.getByTestId("model-npz")).isVisible();
  }
}
