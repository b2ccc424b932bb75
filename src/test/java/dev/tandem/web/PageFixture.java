package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.tandem.TestBrowser;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The whole server and a page of it in a real browser; a page that complains fails its test. */
abstract class PageFixture {
  private static final String EMPTY = "about:blank";

  /** Something of the server's that is no page. */
  private static final String ANY_ANSWER = "/api/schema";

  private static final String SHORT =
      "{\"trainingExamples\":600,\"testExamples\":100,\"epochs\":3,\"hiddenLayers\":[16]}";

  @TempDir static Path dataDir;
  static TestServer server;

  /** One for all tests of a class, so that the browser need not load the page anew for each. */
  private static BrowserContext shared;

  /** From here what pages leave in the browser is seen and forgotten. */
  private static Page origin;

  private final List<String> complaints = new ArrayList<>();
  BrowserContext context;
  Page page;

  @BeforeAll
  static void start() {
    // Nothing listens at port 1: the server has no network, as far as it can tell.
    server = TestServer.start(dataDir, 1, List.of(URI.create("http://127.0.0.1:1/mnist/")));
    shared = TestBrowser.newContext(1280, 900);
    origin = shared.newPage();
    origin.navigate(server.url() + ANY_ANSWER);
  }

  @AfterAll
  static void stop() {
    shared.close();
    server.close();
  }

  /** What a test begins with; null for an empty page. */
  String first() {
    return "/";
  }

  @BeforeEach
  void openPage() {
    context = shared;
    newPage();
    if (first() != null) {
      open(first());
    }
  }

  private void newPage() {
    page = context.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          // What is refused or unreachable is said on the page; Chromium logs it as well.
          if (message.type().equals("error")
              && !message.text().startsWith("Failed to load")
              && !message.text().contains("net::ERR_INTERNET_DISCONNECTED")) {
            complaints.add(message.text());
          }
        });
  }

  /** A page of its own at an address of the server. */
  void open(String path) {
    if (!page.url().equals(EMPTY) || page.context() != context) {
      newPage();
    }
    page.navigate(server.url() + path);
    assertThat(page.getByTestId("start")).isEnabled();
    // It has chosen what to show, and written that into its address.
    assertThat(page.locator("#run-title")).not().isEmpty();
  }

  /** Loads the page with a view in its address, as a link from elsewhere does. */
  void show(String hash) {
    boolean loaded = page.url().startsWith(server.url());
    page.navigate(server.url() + "/" + hash);
    if (loaded) {
      page.reload();
    }
  }

  /** What a script says that only needs the page's modules, and none of what is in the page. */
  Object evaluatedAlone(String script, Object... argument) {
    page.navigate(server.url() + ANY_ANSWER);
    return page.evaluate(script, argument.length == 0 ? null : argument[0]);
  }

  @AfterEach
  void closePage() {
    endRuns();
    if (context == shared) {
      context.setOffline(false);
      forget();
    } else {
      context.close();
    }
    assertEquals(List.of(), complaints);
  }

  /** The next test's run is not to wait for one that this test has left. */
  private static void endRuns() {
    for (Object each : new JsonObject(server.get("/api/runs").body()).getJsonArray("runs")) {
      JsonObject run = (JsonObject) each;
      if (List.of("queued", "running").contains(run.getString("status"))) {
        server.post("/api/runs/" + run.getString("id") + "/cancel", "");
      }
    }
  }

  /** Leaves nothing of a test in the browser but what its cache holds. */
  private void forget() {
    context.pages().stream().filter(page -> page != origin).forEach(Page::close);
    origin.evaluate("() => localStorage.clear()");
    context.clearCookies();
  }

  /** A short run that has ended. */
  static String endedRun() {
    return endedRun(SHORT);
  }

  /** A run that has ended. */
  static String endedRun(String request) {
    String id = server.startRun(request).getString("id");
    server.awaitStatus(id, "completed");
    return id;
  }

  int number(String expression) {
    return ((Number) page.evaluate(expression)).intValue();
  }
}
