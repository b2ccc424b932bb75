package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That the words of index.html come from the dictionary, all of them and in time. */
class PageWordsTest extends PageFixture {
  /**
   * index.html as the server sends it; parsed by a request, since the page's policy keeps text from
   * becoming markup.
   */
  private static final String PARSED =
      """
      const html = await new Promise(done => {
        const request = new XMLHttpRequest();
        request.open('GET', '/index.html');
        request.responseType = 'document';
        request.onload = () => done(request.response);
        request.send();
      });
      """;

  @Override
  String first() {
    return null;
  }

  @Test
  void indexHtml_hasNoWordsOfItsOwn_butTheBrandAndWhatIsSaidWithoutScripts() {
    Object own =
        evaluate(
            """
                html.querySelectorAll('.brand, noscript').forEach(of => of.remove());
                const spoken = ['aria-label', 'placeholder', 'title', 'alt', 'value'];
                return [html.body, ...html.body.querySelectorAll('*')].flatMap(of => [
                  ...[...of.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data),
                  ...spoken.map(name => of.getAttribute(name) ?? '')])
                    .filter(words => /\\p{L}/u.test(words));""");
    assertEquals(List.of(), own);
  }

  @Test
  void dictionary_hasWordsForEveryKeyInIndexHtml_andForNoOther() {
    Object differing =
        evaluate(
            """
                const { HTML } = await import('/text/html.js');
                const used = new Set([...html.querySelectorAll('*')].flatMap(of =>
                  [...of.attributes].filter(({ name }) => /^data-t(-|$)/.test(name) && name !== 'data-testid')
                    .map(({ value }) => value)));
                const known = Object.keys(HTML).filter(key => HTML[key]);
                return [...[...used].filter(key => !known.includes(key)), ...known.filter(key => !used.has(key))];""");
    assertEquals(List.of(), differing);
  }

  @Test
  void everyPlaceForWords_isFilled() {
    open("/");
    Object empty =
        page.evaluate(
            """
            () => [
              ...[...document.querySelectorAll('[data-t]')].filter(of => !of.textContent.trim()),
              ...['aria-label', 'placeholder'].flatMap(name =>
                [...document.querySelectorAll(`[data-t-${name}]`)].filter(of => !of.getAttribute(name))),
            ].map(of => of.outerHTML)""");
    assertEquals(List.of(), empty);
  }

  @Test
  void firstFrame_waitsForItsWords() {
    page.addInitScript(
        "requestAnimationFrame(() => (window.seen = document.querySelector('#form-title')?.textContent))");
    page.route(
        "**/words.js",
        route -> {
          page.waitForTimeout(300);
          route.resume();
        });
    open("/");
    page.waitForFunction("() => 'seen' in window");
    assertEquals("New run", page.evaluate("seen"));
  }

  /** What a script says of index.html, its {@code html}. */
  private Object evaluate(String script) {
    return evaluatedAlone("async () => {" + PARSED + script + "}");
  }
}
