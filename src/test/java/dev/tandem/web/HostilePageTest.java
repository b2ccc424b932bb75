package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.tandem.web.AccessFixture.TOKEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.TestBrowser;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, messages, addresses and sites that mean harm, in a real browser. */
class HostilePageTest {
  private static final String MARKUP = "\"><img src=x onerror=alert(1)><svg onload=alert(2)>";

  private static BrowserContext context;
  private static TestServer shared;

  @TempDir static Path sharedDir;
  @TempDir Path dataDir;
  private final List<String> complaints = new ArrayList<>();

  /** The shared one, unless a test needs its own. */
  private TestServer server = shared;

  private Page page;

  @BeforeAll
  static void start() {
    shared = TestServer.start(sharedDir);
    context = TestBrowser.newContext(1280, 720);
  }

  @AfterAll
  static void stop() {
    context.close();
    shared.close();
  }

  @BeforeEach
  void openPage() {
    page = context.newPage();
    page.onPageError(complaints::add);
    page.onDialog(
        dialog -> {
          complaints.add("a dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.onConsoleMessage(
        message -> {
          if (message.text().contains("Content Security Policy")) {
            complaints.add(message.text());
          }
        });
  }

  @AfterEach
  void close() {
    page.close();
    if (server != shared) {
      server.close();
    }
  }

  private void assertNothingHappened() {
    assertEquals(
        0, page.evaluate("() => document.querySelectorAll('img, [onload], [onerror]').length"));
    assertEquals(List.of(), complaints);
  }

  @Test
  void message_withMarkup_isShownAsItIs() throws Exception {
    Path folder = dataDir.resolve("own");
    for (String name : List.of("plain", MARKUP)) {
      Path ofClass = Files.createDirectories(folder.resolve(MARKUP).resolve(name));
      for (int i = 0; i < 30; i++) {
        Files.writeString(ofClass.resolve(i + ".png"), "no picture");
      }
    }
    server =
        TestServer.start(
            TestServer.settings(
                "127.0.0.1", dataDir, 1, Optional.of(folder), List.of(), Access.DEFAULTS));
    String request = new JsonObject().put("dataset", MARKUP).encode();
    String id = server.startRun(request).getString("id");
    JsonObject run = server.awaitStatus(id, "failed");
    assertTrue(run.encode().contains("onerror=alert(1)"), run.encodePrettily());
    page.navigate(server.url());
    assertThat(page.getByTestId("verdict")).containsText(MARKUP);
    assertThat(page.locator("#facts")).containsText(MARKUP);
    assertThat(page.locator("#field-dataset")).containsText(MARKUP + ": 2 classes");
    assertNothingHappened();
  }

  @Test
  void nameAndNote_areJustText_everywhere() throws Exception {
    server = TestServer.start(dataDir);
    String id = server.startRun(AccessFixture.SMALL).getString("id");
    server.awaitStatus(id, "completed");
    page.navigate(server.url());
    for (String text : List.of("__proto__", "\u202egnp.exe ألف", "</title></svg>" + MARKUP)) {
      label(text);
    }
    String text = "</title></svg>" + MARKUP;
    assertThat(page.getByTestId("run-item")).containsText(text);
    page.getByText("Pictures, report, commands").click();
    Path report = page.waitForDownload(() -> page.getByTestId("report").click()).path();
    page.getByTestId("copy-python").click();
    page.getByTestId("copy-curl").click();
    page.getByTestId("compare").click();
    assertThat(page.getByTestId("comparison")).containsText(text);
    assertNothingHappened();
    Path opened = Files.copy(report, dataDir.resolve("report.html"));
    page.navigate(opened.toUri().toString());
    assertThat(page.locator("h1")).hasText(text);
    assertEquals(0, page.evaluate("() => document.scripts.length"));
    assertNothingHappened();
  }

  private void label(String text) {
    page.getByTestId("label-edit").click();
    page.locator("#label-name").fill(text);
    page.locator("#label-note").fill(text + "\n" + text);
    page.getByTestId("label-save").click();
    assertThat(page.locator("#run-title")).hasText(text);
    assertThat(page.getByTestId("run-note")).hasText(text + "\n" + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "constructor toString hasOwnProperty valueOf",
        "then 0 1e999 ألف",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y"
      })
  void names_thatMeanSomethingToScripts_areJustNames(String names) {
    JsonArray variants = new JsonArray();
    for (String name : names.split(" ")) {
      variants.add(
          Map.of("normalization", variants.size() % 2 == 0 ? "none" : "batch", "name", name));
    }
    JsonObject request = new JsonObject(AccessFixture.SMALL).put("variants", variants);
    String id = server.startRun(request.encode()).getString("id");
    server.awaitStatus(id, "completed");
    page.navigate(server.url() + "/#run=" + id);
    for (String name : names.split(" ")) {
      assertThat(page.getByTestId("lane-" + name)).containsText(name);
      page.waitForFunction("name => tandem.points(name) === 2", name);
    }
    assertNothingHappened();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#run=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
        "#run=<svg/onload=alert(1)>",
        "#run=../../metrics",
        "#run=..%2F..%2Fmetrics%3F",
        "#run=__proto__",
        "#run=javascript:alert(1)",
        "#run=x&smooth=<img>&scale=<img>&x=99999999999999999999999-1"
      })
  void address_withMarkup_isAnUnknownRun(String hash) {
    page.navigate(server.url() + "/" + hash);
    assertThat(page.locator("main")).containsText("There is no run at this address");
    assertNothingHappened();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void pageOfAnotherSite_canDoNothing_evenToThoseSignedIn(String site) throws IOException {
    server = TestServer.start(dataDir, AccessFixture.withToken());
    page.navigate(server.url());
    page.locator("[name=epochs]").fill("1");
    page.getByTestId("start").click();
    page.getByTestId("token").fill(TOKEN);
    page.getByTestId("sign-in").click();
    assertThat(page.getByTestId("run-item")).hasCount(1);
    String id =
        new JsonObject(server.get("/api/runs").body())
            .getJsonArray("runs")
            .getJsonObject(0)
            .getString("id");
    server.awaitStatus(id, "completed");

    HttpServer evil =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    evil.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, 0);
          try (var out = exchange.getResponseBody()) {
            out.write("<!doctype html><title>evil</title>".getBytes(StandardCharsets.UTF_8));
          }
        });
    evil.start();
    try {
      page.navigate("http://" + site + ":" + evil.getAddress().getPort());
      Object outcome =
          page.evaluate(
              """
              async ([url, id]) => {
                const tried = (path, options) =>
                    fetch(url + path, { credentials: 'include', ...options }).then(
                        (answer) => answer.type === 'opaque' ? 'sent' : 'read', () => 'failed');
                const run = '{"epochs":1}';
                const json = { 'Content-Type': 'application/json' };
                const outcomes = [
                  await tried('/api/runs'),
                  await tried('/metrics'),
                  await tried('/api/runs', { method: 'POST', body: run, headers: json }),
                  await tried('/api/runs/' + id, { method: 'DELETE' }),
                  await tried('/api/runs', { method: 'POST', body: run, mode: 'no-cors' }),
                  await tried('/api/session', { method: 'POST', body: '{}', mode: 'no-cors' }),
                  await new Promise((done) => {
                    const socket = new WebSocket(url.replace('http', 'ws') + '/api/live');
                    socket.onopen = () => done('open');
                    socket.onerror = () => done('failed');
                  }),
                  await new Promise((done) => {
                    const script = document.createElement('script');
                    script.src = url + '/app.js';
                    script.onload = () => done('read');
                    script.onerror = () => done('failed');
                    document.head.append(script);
                  }),
                ];
                const frame = document.createElement('iframe');
                frame.name = 'target';
                document.body.append(frame);
                const form = document.createElement('form');
                Object.assign(form, { method: 'POST', action: url + '/api/runs', enctype: 'text/plain', target: 'target' });
                form.innerHTML = '<input name=\\'{"epochs":1,"x":"\\' value=\\'"}\\'>';
                document.body.append(form);
                await new Promise((done) => { frame.onload = done; form.submit(); });
                return outcomes.join(' ');
              }""",
              List.of(server.url(), id));
      assertEquals(0, ((String) outcome).replaceAll("failed|sent| ", "").length(), "" + outcome);
      Response framed =
          page.waitForResponse(
              answer ->
                  answer.url().equals(server.url() + "/") && answer.frame() != page.mainFrame(),
              () ->
                  page.evaluate(
                      "url => new Promise(done => Object.assign(document.querySelector('iframe'), { onload: done, src: url }))",
                      server.url()));
      assertTrue(
          framed.allHeaders().get("content-security-policy").contains("frame-ancestors 'none'"));
      // That it is not shown reaches this process a little later.
      page.waitForCondition(
          () -> page.frames().stream().anyMatch(frame -> frame.url().startsWith("chrome-error:")));
      JsonArray runs = new JsonObject(server.get("/api/runs").body()).getJsonArray("runs");
      assertEquals(1, runs.size());
      assertEquals(id, runs.getJsonObject(0).getString("id"));
      // The no-cors requests did get here, and were turned away.
      assertTrue(
          server
              .get("/metrics")
              .body()
              .lines()
              .anyMatch(
                  line -> line.matches("tandem_web_refusals_total\\{reason=\"origin\"} [4-9].*")));
    } finally {
      evil.stop(0);
    }
  }
}
