package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.WebSocketRoute;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Losses near 0 on a logarithmic axis, on the page and in pictures, and the numbers of axes. */
class PageScalesTest extends PageFixture {
  /** Down to 1e-8, to what fades below all that a float can tell, and to 0. */
  private static final List<Object> FADING =
      List.of(2.3, 0.5, 0.01, 1e-4, 1e-6, 1e-8, 1e-8, 2e-9, 1e-40, 0, 0, 1e-8, 0, 1e-45, 0);

  /** Numbers of the loss axis that are wider than their place, and how many there are in all. */
  private static final String TOO_WIDE =
      """
      () => {
        const { labels, room, font } = tandem.lossAxis();
        const pen = document.createElement('canvas').getContext('2d');
        pen.font = font;
        const wide = labels.filter((label) => pen.measureText(label).width > room);
        return `${wide.join(' ')}|${new Set(labels).size === labels.length && labels.length > 2}`;
      }""";

  @Test
  void curveThatComesTo0_staysOnTheChart_andItsNumbersAreWhole() {
    showLosses(FADING, "&scale=log&smooth=0");
    assertEquals("|true", page.evaluate(TOO_WIDE));
    assertEquals("1e-9 to 1", bottomAndTop());
    // The line of BatchNorm lies on the lower edge where its loss is 0, and is seen there.
    assertEquals(
        true,
        page.evaluate(
            """
            () => {
              const canvas = document.querySelector('#loss canvas');
              const over = document.querySelector('#loss .u-over');
              const ratio = canvas.width / canvas.clientWidth;
              const box = [over.offsetLeft, over.offsetTop + over.offsetHeight - 4, over.offsetWidth, 4].map((of) => Math.round(of * ratio));
              const { data } = canvas.getContext('2d').getImageData(...box);
              for (let k = 0; k < data.length; k += 4) if (data[k] > 190 && data[k + 1] < 130 && data[k + 2] < 60) return true;
              return false;
            }"""));
  }

  @Test
  void axis_ofTinyOrHugeOrEqualLosses_hasNumbersThatFit() {
    for (List<Object> losses :
        List.of(
            List.<Object>of(3e-7, 2.9e-7, 2.8e-7, 3.1e-7),
            List.<Object>of(0.0123457, 0.0123456, 0.0123458, 0.0123457),
            List.<Object>of(2.5, 4e6, 1.7e7, 2e7),
            List.<Object>of(0, 0, 0, 0))) {
      showLosses(losses, "&x=1-4&smooth=0");
      assertEquals("|true", page.evaluate(TOO_WIDE), losses.toString());
      for (String scale : List.of("&scale=log&x=1-4", "&scale=log")) {
        page.evaluate(
            "scale => (location.hash = location.hash.replace(/&.*/, '') + scale + '&smooth=0')",
            scale);
        page.waitForFunction("() => document.querySelector('#log').ariaPressed === 'true'");
        nextFrame();
        assertEquals("|true", page.evaluate(TOO_WIDE), losses + scale);
      }
    }
  }

  private void nextFrame() {
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }

  @Test
  void picture_keepsTheWholeCurve_andItsNumbers() {
    Object faults =
        page.evaluate(
            """
            async (losses) => {
              const { newState, fold } = await import('/run/state.js');
              const { drawFigure } = await import('/chart/figures.js');
              const { toPng } = await import('/chart/figure.js');
              const settings = { trainingExamples: losses.length, testExamples: 10, batchSize: 1, epochs: 1, learningRate: 0.1,
                hiddenLayers: [4], seed: 1, variants: [{ normalization: 'none' }, { normalization: 'batch' }] };
              const state = newState({ id: 'x', status: 'completed', settings });
              fold(state, ['none', 'batch'].map((variant, k) => ({ seq: k + 1, type: 'steps', variant, repeat: 1, from: 1, losses })));
              const faults = [];
              for (const [smooth, zoom] of [[0, null], [0.9, null], [0.5, [7, 14]], [0, [9, 10]]]) {
                const picture = drawFigure('loss', state, { smooth, log: true, band: 'range', zoom, pair: null });
                document.body.append(picture);
                for (const path of picture.querySelectorAll('path')) {
                  const points = path.getAttribute('d').match(/[-\\d.eNaInfity]+ [-\\d.eNaInfity]+/g) ?? [];
                  const held = points.map((point) => point.split(' ').map(Number));
                  const bounds = zoom ?? [1, losses.length];
                  if (held.length !== bounds[1] - bounds[0] + 1) faults.push(`${held.length} points of ${bounds}`);
                  for (const [x, y] of held) if (!(x >= 63.9 && x <= 792.1 && y >= 55.9 && y <= 372.1)) faults.push(`${smooth} ${zoom}: ${x} ${y}`);
                }
                const numbers = [...picture.querySelectorAll('text[text-anchor=end]')];
                for (const text of numbers) if (text.getBBox().x < 2) faults.push(`cut: ${text.textContent}`);
                const heights = numbers.slice(0, -1).map((text) => text.getBBox().y).sort((a, b) => a - b);
                heights.forEach((y, k) => { if (k > 0 && y - heights[k - 1] < 13) faults.push(`numbers touch: ${y}`); });
                if (!(await toPng(picture)).size) faults.push('no picture');
                picture.remove();
              }
              return faults;
            }""",
            FADING);
    assertEquals(List.of(), faults);
  }

  @Test
  void numbersOfAnAxis_areShort_andAlike() {
    assertEquals(
        "0.001 1e-4 1e-12 1 | 0.0 0.5 1.0 | 1e-7 1.5e-7 | 12000 14000 | 1.2e6 1.4e6 | -0.25 0.00",
        page.evaluate(
            """
            async () => {
              const { tick } = await import('/text/numbers.js');
              const all = (...numbers) => numbers.map((of) => tick(of, numbers)).join(' ');
              const each = [1e-12, 1e-4, 0.001, 1];
              const of = (value) => tick(value, each);
              return [[0.001, 1e-4, 1e-12, 1].map(of).join(' '), all(0, 0.5, 1), all(1e-7, 1.5e-7), all(12000, 14000),
                  all(1.2e6, 1.4e6), all(-0.25, 0)].join(' | ');
            }"""));
  }

  private String bottomAndTop() {
    return (String)
        page.evaluate(
            "() => { const { labels } = tandem.lossAxis(); return `${labels[0].replace('\\u2264', '')} to ${labels.at(-1)}`; }");
  }

  /** Shows a run whose losses, as they come to the page, are others. */
  private void showLosses(List<Object> losses, String view) {
    String id =
        endedRun(
            "{\"trainingExamples\":%d,\"batchSize\":10,\"testExamples\":10,\"epochs\":1,\"hiddenLayers\":[4]}"
                .formatted(losses.size() * 10));
    page.close();
    page = context.newPage();
    page.routeWebSocket(
        Pattern.compile("/api/runs/.*/live"),
        socket -> {
          WebSocketRoute toServer = socket.connectToServer();
          toServer.onMessage(frame -> socket.send(changed(new JsonArray(frame.text()), losses)));
        });
    page.navigate(server.url() + "/#run=" + id + view);
    page.waitForFunction("() => tandem.drawn('batch') > 0 && tandem.drawn('none') > 0");
  }

  private static String changed(JsonArray events, List<Object> losses) {
    for (Object each : events) {
      JsonObject event = (JsonObject) each;
      if (event.getString("type").equals("steps")) {
        int from = event.getInteger("from") - 1;
        int count = event.getJsonArray("losses").size();
        event.put("losses", new JsonArray(losses.subList(from, from + count)));
      }
    }
    return events.encode();
  }
}
