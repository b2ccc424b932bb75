package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page on paper. */
class PagePrintTest extends PageFixture {
  /** What is wider than the page, cut within its own bounds, or without a drawing. */
  private static final String FAULTS =
      """
      () => {
        const faults = [];
        const seen = (of) => of.checkVisibility() && of.getClientRects().length > 0;
        const name = (of) => `${of.tagName.toLowerCase()}${of.id && '#' + of.id}.${of.className} "${of.textContent.slice(0, 30)}"`;
        const width = document.documentElement.clientWidth;
        for (const of of document.querySelectorAll('.bar *, main *')) {
          if (!seen(of) || of.closest('.unseen')) continue;
          const box = of.getBoundingClientRect();
          if (box.right > width + 1 || box.left < -1) faults.push(`beyond the page: ${name(of)}`);
          if (of instanceof SVGElement || of.closest('svg')) continue;
          const { overflowX, overflowY } = getComputedStyle(of);
          if (overflowX !== 'visible' && of.scrollWidth > of.clientWidth + 1) faults.push(`cut at its side: ${name(of)}`);
          if (overflowY !== 'visible' && of.scrollHeight > of.clientHeight + 1) faults.push(`cut below: ${name(of)}`);
        }
        for (const host of document.querySelectorAll('main .plot')) {
          if (!seen(host)) continue;
          const canvas = host.querySelector('canvas');
          const [box, place] = [canvas, host].map((of) => of.getBoundingClientRect());
          if (Math.abs(box.width - place.width) > 2 || box.height > place.height + 2) faults.push(`does not fit: ${name(host)} ${box.width} ${place.width}`);
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let coloured = 0;
          let pale = 0;
          for (let k = 0; k < data.length; k += 4) {
            if (data[k + 3] === 0) continue;
            coloured++;
            // In the dark theme the quietest ink, that of the axes' numbers, is as light as this.
            if (Math.abs(data[k] - 154) < 3 && Math.abs(data[k + 1] - 162) < 3 && Math.abs(data[k + 2] - 175) < 3 && data[k + 3] === 255) pale++;
          }
          if (coloured < 500) faults.push(`empty: ${host.id || host.dataset.part || name(host)}`);
          if (pale > 20) faults.push(`in the dark theme's colours: ${host.id || host.dataset.part || name(host)} ${pale}`);
        }
        return faults;
      }""";

  @AfterEach
  void backToTheScreen() {
    page.emulateMedia(
        new Page.EmulateMediaOptions().setMedia(Media.SCREEN).setColorScheme(ColorScheme.LIGHT));
  }

  @Test
  void run_isWholeOnPaper_inLightColours_andOnTheScreenAsBeforeAfterwards() {
    String id =
        endedRun(
            "{\"trainingExamples\":600,\"epochs\":2,\"repeats\":2,\"trainModeTest\":true,\"hiddenLayers\":[16,16,16]}");
    print("/#run=" + id + "&scale=log", ColorScheme.DARK);
    assertThat(page.locator("#table tbody tr")).hasCount(2);
    assertThat(page.locator("#repeats-table")).isVisible();
    assertThat(page.locator("#facts")).isVisible();
    assertThat(page.getByTestId("lens")).containsText("Layer 3");
    for (String of : List.of("start", "find", "cancel", "delete", "replay", "png-loss")) {
      assertThat(page.getByTestId(of)).isHidden();
    }
    assertEquals("rgb(255, 255, 255)", ground());
    page.emulateMedia(
        new Page.EmulateMediaOptions().setMedia(Media.SCREEN).setColorScheme(ColorScheme.DARK));
    assertThat(page.locator("#runs")).isVisible();
    assertThat(page.locator("#table")).isHidden();
    page.waitForFunction(
        "() => document.querySelector('#loss canvas').clientWidth === document.querySelector('#loss').clientWidth");
    assertEquals("rgb(16, 18, 22)", ground());
  }

  @Test
  void comparison_isWholeOnPaper() {
    String ids = endedRun() + "," + endedRun("{\"trainingExamples\":600,\"epochs\":2}");
    page.navigate(server.url() + "/#compare=" + ids);
    page.reload();
    assertThat(page.getByTestId("comparison").locator("thead th")).hasCount(3);
    print("/#compare=" + ids, ColorScheme.DARK);
    assertThat(page.getByTestId("comparison")).isVisible();
  }

  /** What cannot wait: the browser that makes a PDF gives the page one moment and no frame. */
  @Test
  void pdf_isMadeOfChartsAsOnPaper_withoutScrollingToThemBefore() {
    String id = endedRun();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    page.navigate(server.url() + "/#run=" + id);
    page.reload();
    page.waitForFunction("() => tandem.drawn('batch') === 30");
    page.evaluate(
        """
        () => {
          const paper = matchMedia('print');
          paper.addEventListener('change', () => {
            if (paper.matches) window.onPaper = [...document.querySelectorAll('#lens .plot canvas, #difference canvas')].map((of) => of.width);
          });
        }""");
    byte[] pdf = page.pdf(new Page.PdfOptions().setFormat("A4"));
    assertTrue(new String(pdf, StandardCharsets.ISO_8859_1).startsWith("%PDF"));
    String widths = page.evaluate("onPaper.join()").toString();
    assertTrue(Pattern.matches("(\\d+,)+\\d+", widths), widths);
    for (String width : widths.split(",")) {
      assertTrue(Integer.parseInt(width) < 700, widths);
    }
    assertEquals(
        "",
        page.evaluate("document.documentElement.className + document.documentElement.style.width"));
  }

  private void print(String hash, ColorScheme theme) {
    page.setViewportSize(718, 1000);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(theme));
    page.navigate(server.url() + hash);
    page.reload();
    page.waitForFunction("() => document.querySelectorAll('main .plot canvas').length > 1");
    assertThat(page.locator("#run-title")).not().isEmpty();
    page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT).setColorScheme(theme));
    page.waitForFunction(
        "() => matchMedia('print').matches && document.querySelector('aside').clientWidth === 0");
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    assertEquals(List.of(), page.evaluate(FAULTS));
  }

  private Object ground() {
    return page.evaluate("getComputedStyle(document.body).backgroundColor");
  }
}
