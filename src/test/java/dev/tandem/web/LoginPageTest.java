package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.tandem.web.AccessFixture.TOKEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.tandem.TestBrowser;
import dev.tandem.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in and out, in a real browser. */
class LoginPageTest {
  @TempDir Path dataDir;
  private final List<String> complaints = new ArrayList<>();
  private TestServer server;
  private BrowserContext context;
  private Page page;

  @BeforeEach
  void openContext() {
    context = TestBrowser.newContext(1280, 720);
    page = context.newPage();
    page.onPageError(complaints::add);
  }

  @AfterEach
  void close() {
    context.close();
    server.close();
    assertEquals(List.of(), complaints);
  }

  @Test
  void start_asksForTheToken_once_andAgainAfterSigningOut() {
    server = TestServer.start(dataDir, AccessFixture.withToken());
    page.navigate(server.url());
    page.locator("[name=epochs]").fill("1");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("token")).isFocused();
    page.getByTestId("token").fill("wrong");
    page.keyboard().press("Enter");
    assertThat(page.getByTestId("error-token")).hasText("This is not this server's token.");
    signIn();
    assertThat(page.getByTestId("login")).hasCount(0);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertKept();

    page.reload();
    assertThat(page.getByTestId("sign-out")).isVisible();
    page.locator("[name=epochs]").fill("1");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("run-item")).hasCount(2);
    assertThat(page.getByTestId("login")).hasCount(0);

    page.getByTestId("sign-out").click();
    assertThat(page.getByTestId("sign-out")).hasCount(0);
    assertEquals(List.of(), context.cookies());
    page.getByTestId("start").click();
    assertThat(page.getByTestId("token")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.getByTestId("error-form")).containsText("sign in");
    assertThat(page.getByTestId("run-item")).hasCount(2);
  }

  @Test
  void privateServer_showsNothing_untilSignedIn() {
    server = TestServer.start(dataDir, AccessFixture.allPrivate());
    page.navigate(server.url());
    assertThat(page.getByTestId("token")).isVisible();
    signIn();
    assertThat(page.getByTestId("start")).isEnabled();
    assertThat(page.getByTestId("live")).containsText(Pattern.compile("^Live"));
    page.locator("[name=epochs]").fill("1");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("run-status")).hasText("Completed");

    Page other = context.newPage();
    other.navigate(server.url());
    assertThat(other.getByTestId("run-item")).hasCount(1);
    page.getByTestId("sign-out").click();
    assertThat(page.getByTestId("token")).isVisible();
    assertThat(page.getByTestId("run-item")).hasCount(0);
    other.reload();
    assertThat(other.getByTestId("token")).isVisible();
    assertThat(other.getByTestId("run-item")).hasCount(0);
  }

  @Test
  void answers_fromBeforeTheSignIn_thatComeBehindIt_askForNothing() {
    server = TestServer.start(dataDir, AccessFixture.allPrivate());
    Map<String, Runnable> held = new LinkedHashMap<>();
    for (String path : List.of("/api/session", "/api/schema")) {
      page.route(
          server.url() + path,
          route -> {
            APIResponse answer = held.containsKey(path) ? null : route.fetch();
            if (answer == null) {
              route.resume();
            } else {
              held.put(path, () -> route.fulfill(new Route.FulfillOptions().setResponse(answer)));
            }
          });
    }
    page.navigate(server.url());
    page.waitForCondition(() -> held.size() == 2);
    signIn();
    assertThat(page.getByTestId("login")).hasCount(0);
    held.values().forEach(Runnable::run);
    assertThat(page.getByTestId("start")).isEnabled();
    assertThat(page.getByTestId("live")).containsText(Pattern.compile("^Live"));
    assertThat(page.getByTestId("login")).hasCount(0);
    assertThat(page.getByTestId("sign-out")).isVisible();
  }

  @Test
  void serverWithoutToken_saysNothingOfIt() {
    server = TestServer.start(dataDir);
    page.navigate(server.url());
    page.locator("[name=epochs]").fill("1");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertThat(page.getByTestId("sign-out")).hasCount(0);
    assertThat(page.getByTestId("login")).hasCount(0);
  }

  private void signIn() {
    page.getByTestId("token").fill(TOKEN);
    page.getByTestId("sign-in").click();
  }

  /** What the browser has kept: a cookie that scripts can't read, and nothing with the token. */
  private void assertKept() {
    List<Cookie> cookies = context.cookies();
    assertEquals(1, cookies.size());
    assertTrue(cookies.get(0).httpOnly);
    assertEquals(SameSiteAttribute.STRICT, cookies.get(0).sameSite);
    assertFalse(cookies.get(0).value.contains(TOKEN));
    String seen =
        (String)
            page.evaluate(
                "() => document.cookie + JSON.stringify([{...localStorage}, {...sessionStorage}])"
                    + " + location.href + document.documentElement.outerHTML");
    assertFalse(seen.contains(TOKEN));
    assertFalse(seen.contains(cookies.get(0).value));
  }
}
