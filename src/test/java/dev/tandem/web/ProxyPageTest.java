package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.tandem.web.AccessFixture.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import dev.tandem.TestBrowser;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page in a real browser behind proxies that serve it below a path and ask by another name. */
class ProxyPageTest {
  @TempDir Path dataDir;
  private final List<String> complaints = new ArrayList<>();
  private TestServer server;
  private BrowserContext context;
  private Page page;

  @BeforeEach
  void openContext() {
    context =
        TestBrowser.shared().newContext(new Browser.NewContextOptions().setViewportSize(1280, 900));
    page = context.newPage();
    page.onPageError(complaints::add);
  }

  @AfterEach
  void close() {
    context.close();
    server.close();
    assertEquals(List.of(), complaints);
  }

  @ParameterizedTest
  @EnumSource(ReverseProxy.Path.class)
  void page_belowAPath_ofAProxyThatRewritesHost_doesAllThatItDoesElsewhere(ReverseProxy.Path path)
      throws Exception {
    String basePath = path == ReverseProxy.Path.PASSED_ON ? "/tandem" : "";
    server = TestServer.start(dataDir, AccessFixture.behindAProxy(basePath, "localhost"));
    try (ReverseProxy proxy = new ReverseProxy(server, path)) {
      page.navigate(proxy.url());
      page.getByTestId("token").fill(TOKEN);
      page.getByTestId("sign-in").click();
      assertThat(page.getByTestId("start")).isEnabled();
      assertThat(page.getByTestId("live")).containsText(Pattern.compile("^Live"));
      page.locator("[name=epochs]").fill("1");
      page.getByTestId("start").click();
      assertThat(page.getByTestId("run-status")).hasText("Completed");
      page.waitForFunction("() => tandem.points('none') === 84 && tandem.points('batch') === 84");
      String id = page.getByTestId("run-item").getAttribute("data-run-id");
      assertKeptBelowThePath();
      assertTakenAway(proxy, id);
      page.locator("a.brand").click();
      assertThat(page.getByTestId("run-item")).hasCount(2);
      assertEquals(List.of(), proxy.strays());
      page.getByTestId("sign-out").click();
      assertThat(page.getByTestId("token")).isVisible();
      assertEquals(List.of(), context.cookies());
    }
  }

  private void assertKeptBelowThePath() {
    List<Cookie> cookies = context.cookies();
    assertEquals(List.of("/tandem/"), cookies.stream().map(cookie -> cookie.path).toList());
  }

  private void assertTakenAway(ReverseProxy proxy, String id) throws Exception {
    Path curves = page.waitForDownload(() -> page.getByText("Curves (CSV)").click()).path();
    assertEquals(1 + 2 * 84, Files.readAllLines(curves).size());
    page.getByText("Pictures, report, commands").click();
    Path report = page.waitForDownload(() -> page.getByTestId("report").click()).path();
    String link = "<a href=\"" + proxy.url() + "#run=" + id + "\">";
    assertTrue(Files.readString(report).contains(link), link);
    String started = run("sh", copied("curl"));
    assertNotEquals(id, new JsonObject(started.substring(started.indexOf('{'))).getString("id"));
    assertTrue(copied("cmd").contains("\"" + proxy.url() + "api/runs\""));
    assertTrue(copied("powershell").contains("'" + proxy.url() + "api/runs'"));
    if (isInstalled("python3")) {
      assertTrue(run("python3", copied("python")).contains("batch 1 1 0."));
    }
  }

  private String copied(String what) {
    page.getByTestId("copy-" + what).click();
    String text = page.getByTestId("snippet").textContent();
    assertFalse(text.contains(TOKEN), text);
    assertTrue(text.contains("TANDEM_TOKEN"), text);
    assertThat(page.getByTestId("takeaway")).containsText("environment variable TANDEM_TOKEN");
    return text;
  }

  private static boolean isInstalled(String program) {
    return List.of("/bin/", "/usr/bin/", "/usr/local/bin/").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
  }

  /** What a copied text says and does in the program that it is for. */
  private static String run(String program, String text) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(program, "-c", text).redirectErrorStream(true);
    builder.environment().put("TANDEM_TOKEN", TOKEN);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(TestServer.SECONDS, TimeUnit.SECONDS), text);
    assertEquals(0, process.exitValue(), said);
    return said;
  }

  @Test
  void basePath_leadsToThePage_andIsInWhatIsAnswered_butNeedNotBeAsked() {
    server = TestServer.start(dataDir, AccessFixture.behindAProxy("/tandem"));
    HttpResponse<String> bare = server.get("/tandem?x=1");
    assertEquals(301, bare.statusCode());
    assertEquals("/tandem/?x=1", bare.headers().firstValue("location").orElse(""));
    for (String path :
        List.of("/tandem/", "/tandem/app.js", "/tandem/health/live", "/health/live", "/")) {
      assertEquals(200, server.get(path).statusCode(), path);
    }
    for (String path : List.of("/tandemx/", "/tandem/tandem/", "/tandem//tandem/")) {
      assertEquals(404, server.get(path).statusCode(), path);
    }
    assertEquals(401, server.get("/tandem/api/runs").statusCode());
    assertEquals(401, server.get("/tandem/../metrics").statusCode());
    assertEquals("/tandem/api/runs/", startedAt("/api/runs", "X", "y"));
    assertEquals("/tandem/api/runs/", startedAt("/tandem/api/runs", "X-Forwarded-Prefix", "/x"));
  }

  @Test
  void forwardedPrefix_isInWhatIsAnswered_ifItIsAPath() {
    server = TestServer.start(dataDir, AccessFixture.behindAProxy(""));
    assertEquals("/a/b/api/runs/", startedAt("/api/runs", "X-Forwarded-Prefix", "/a/b/"));
    for (String none : List.of("", "x", "//evil.example", "/a;Secure", "/a, /b", "/..")) {
      assertEquals("/api/runs/", startedAt("/api/runs", "X-Forwarded-Prefix", none), none);
    }
  }

  /** Where a run that is started is said to be, without its id. */
  private String startedAt(String path, String header, String value) {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .headers("Content-Type", "application/json", "Authorization", "Bearer " + TOKEN)
                .header(header, value)
                .POST(HttpRequest.BodyPublishers.ofString(AccessFixture.SMALL))
                .build());
    assertEquals(201, answer.statusCode(), answer.body());
    Optional<String> location = answer.headers().firstValue("location");
    return location.orElseThrow().replace(new JsonObject(answer.body()).getString("id"), "");
  }

  /** The browser takes the server for evil.example's, as after DNS rebinding. */
  @Test
  void pageThatPointsItsNameHere_readsNothing() {
    server = TestServer.start(dataDir);
    try (BrowserContext rebound =
        TestBrowser.shared().newContext(new Browser.NewContextOptions().setProxy(server.url()))) {
      Page evil = rebound.newPage();
      evil.navigate("http://evil.example/");
      Object statuses =
          evil.evaluate(
              """
              async () => {
                const ask = (path, headers = {}) => fetch(path, { headers }).then(answer => answer.status);
                return [await ask('/metrics'), await ask('/metrics', { 'Accept-Language': '' }),
                  await ask('/api/runs'), await ask('/'), await ask('/health/live')];
              }""");
      assertEquals(List.of(421, 421, 421, 421, 200), statuses);
    }
  }
}
