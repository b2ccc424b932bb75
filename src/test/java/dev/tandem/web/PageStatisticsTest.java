package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The page's sums over repeats: pure modules, fed with known numbers. */
class PageStatisticsTest extends PageFixture {
  /** A state with two variants of `repeats` members, and a way to feed it. */
  private static final String FED =
      """
      const { newState, fold } = await import('/run/state.js');
      const stateOf = (repeats, epochs = 3) => newState({ id: 'x', status: 'running', settings: {
          trainingExamples: 10, testExamples: 100, batchSize: 5, epochs, repeats, seed: 1,
          learningRate: 0.001, variants: [{ normalization: 'none' }, { normalization: 'batch' }] } });
      let seq = 0;
      const event = (type, variant, repeat, of) => ({ seq: ++seq, type, variant, repeat, ...of });
      const tests = (variant, repeat, accuracies) => accuracies.map((testAccuracy, k) => event('epoch',
          variant, repeat, { epoch: k + 1, iteration: 2 * k + 2, testAccuracy, elapsedSeconds: k + 1,
          examplesPerSecond: 10 }));
      const list = (column) => Array.from(column.values.subarray(0, column.length));
      """;

  @Override
  String first() {
    return null;
  }

  @Test
  void intervalsAndTests_areThoseOfTheTextbook() {
    assertEquals(
        "12.706 2.776 1.984 | 2 1 2.484 false | 2 0.4 true | 0.0079 0.1667 1.0000",
        evaluated(
            """
            const of = await import('/run/stats.js');
            const test = (values) => { const { mean, sd, margin, apart } = of.pairedTest(values);
              return { mean, sd, margin, apart }; };
            const wide = test([1, 2, 3]);
            const narrow = test([1.5, 2, 2.5, 2, 1.5, 2.5, 2, 1.5, 2.5]);
            return [
              [1, 4, 100].map((freedom) => of.t95(freedom).toFixed(3)).join(' '),
              [wide.mean, wide.sd, wide.margin.toFixed(3), wide.apart].join(' '),
              [narrow.mean, narrow.sd.toFixed(1), narrow.apart].join(' '),
              [[5, 5, 0, 5], [3, 5, 0, 5], [2, 4, 2, 4]].map((args) => of.fisher(...args).toFixed(4)).join(' '),
            ].join(' | ');"""));
  }

  @Test
  void mean_isOverThoseThatCameThatFar_andLeavesOutTheDiverged() {
    assertEquals(
        "2,3,5 | 3,2,1 | 1,1.4 | 1 of 3 | null | running",
        evaluated(
            """
            const { divergedOf } = await import('/run/member.js');
            const state = stateOf(3);
            fold(state, [
              event('steps', 'none', 1, { from: 1, losses: [1, 2, 5], at: 1000 }),
              event('steps', 'none', 2, { from: 1, losses: [2, 4] , at: 1000 }),
              event('steps', 'none', 3, { from: 1, losses: [3, null], at: 1000 }),
              event('training', 'none', 3, { status: 'diverged', message: null }),
            ]);
            const { losses, pools, members, divergedAt, status } = state.variants[0];
            const sds = list(pools.losses.sd).filter((sd) => !Number.isNaN(sd));
            return [list(losses).join(), list(pools.losses.n).join(), sds.map((sd) => Number(sd.toFixed(1))).join(),
                `${divergedOf(state.variants[0])} of ${members.length}`, String(divergedAt), status].join(' | ');"""));
  }

  @Test
  void fold_ofRepeats_isTheSameInAnyFraming_andTheFilmsLastMomentIsTheWhole() {
    assertEquals(
        "true true true",
        evaluated(
            """
            const { Film } = await import('/run/film.js');
            const noise = (k) => Math.abs(Math.sin(k * 12.9898) * 43758.5453) % 1;
            const events = [];
            for (let repeat = 1; repeat <= 4; repeat++) for (let epoch = 1; epoch <= 3; epoch++) for (const variant of ['none', 'batch']) {
              const from = 2 * epoch - 1;
              const losses = repeat === 2 && epoch === 3 ? [0.3, null] : [noise(seq), noise(seq + 9)];
              events.push(event('steps', variant, repeat, { from, losses, at: 1e6 + repeat * 5000 + epoch * 1000 }));
              events.push(event('epoch', variant, repeat, { epoch, iteration: from + 1, testAccuracy: noise(seq),
                  elapsedSeconds: epoch, examplesPerSecond: 5 }));
            }
            events.push({ seq: ++seq, type: 'run', status: 'completed', at: '2026-01-01T00:00:00Z' });
            const whole = stateOf(4);
            fold(whole, events);
            const pieces = stateOf(4);
            for (let k = 0; k < events.length; k++) fold(pieces, events.slice(Math.max(0, k - 3), k + 1));
            const of = ({ variants }) => JSON.stringify(variants.map(({ pools, epochs, members }) => [
                ...[pools.losses, pools.epochs.testAccuracy].flatMap(({ mean, n, sd, low, high }) => [mean, n, sd, low, high]),
                epochs.iteration, ...members.map(({ losses }) => losses)].map(list)));
            const film = new Film(whole);
            film.seek(film.seconds);
            const last = of(film.moment) === of(whole);
            film.seek(film.seconds / 2);
            const middle = film.moment.variants[0].members.filter(({ losses }) => losses.length > 0).length;
            return [of(whole) === of(pieces), last, middle > 0 && middle < 4].join(' ');"""));
  }

  @Test
  void thinnedRepeats_areReadBetweenTheirPoints() {
    assertEquals(
        "1,2,3,4 | 2,2,2,2",
        evaluated(
            """
            const { Pool } = await import('/run/pool.js');
            const { Column } = await import('/run/columns.js');
            const of = (points) => { const curve = { iterations: new Column(), values: new Column() };
              for (const [x, y] of points) { curve.iterations.push(x); curve.values.push(y); } return curve; };
            const pool = new Pool([of([[1, 0], [4, 3]]), of([[1, 2], [2, 3], [4, 5]])]);
            pool.update();
            return [list(pool.mean).join(), list(pool.n).join()].join(' | ');"""));
  }

  @Test
  void differences_arePairedOverRepeats() {
    assertEquals(
        "0.1:2,0.2:2,0.3:1 | 1-2 | 2 of 2, epoch 2.5 | 1 of 2",
        evaluated(
            """
            const of = await import('/run/difference.js');
            const state = stateOf(2);
            fold(state, [...tests('none', 1, [0.5, 0.6, 0.7]), ...tests('batch', 1, [0.6, 0.8, 1]),
                ...tests('none', 2, [0.3, 0.4]), ...tests('batch', 2, [0.4, 0.6, 0.9])]);
            const [none, batch] = state.variants;
            const gaps = of.accuracyGaps(none, batch);
            const by = (variant, ratio) => of.reachedBy(variant, ratio);
            const most = by(batch, 0.75);
            return [gaps.map(({ gap, n }) => `${gap.toFixed(1)}:${n}`).join(),
                of.apartIn(gaps).map((stretch) => stretch.join('-')).join(),
                `${most.count} of ${most.of}, epoch ${most.epoch}`,
                `${by(none, 0.55).count} of ${by(none, 0.55).of}`].join(' | ');"""));
  }

  @Test
  void verdicts_needAnIntervalThatLeavesOutZero() {
    assertEquals(
        "As expected,Not enough repeats to tell,As expected, this once,Not enough repeats to tell",
        evaluated(
            """
            const { claims } = await import('/run/claims.js');
            const { judgedText } = await import('/text/text.js');
            const fed = (repeats, accuracies) => { const state = stateOf(repeats, 2);
              accuracies.forEach(([none, batch], k) => fold(state, [...tests('none', k + 1, none), ...tests('batch', k + 1, batch)]));
              return state; };
            const three = claims(fed(3, [[[0.5, 0.8], [0.8, 0.9]], [[0.52, 0.9], [0.8, 0.8]], [[0.51, 0.8], [0.83, 0.85]]]));
            const one = claims(fed(1, [[[0.5, 0.8], [0.9, 0.9]]]));
            const state = fed(3, [[[0.5], [0.8]]]);
            fold(state, [2, 3].flatMap((repeat) => [...tests('batch', repeat, [0.8]),
                event('steps', 'none', repeat, { from: 1, losses: [null] }), event('training', 'none', repeat, { status: 'diverged' })]));
            return [judgedText(three.early), judgedText(three.final), judgedText(one.early), judgedText(claims(state).stability)].join();"""));
  }

  private Object evaluated(String body) {
    return evaluatedAlone("async () => {" + FED + body + "}");
  }
}
