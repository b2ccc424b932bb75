package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.ColorScheme;
import dev.tandem.TestBrowser;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That everyone can use the page: axe-core finds nothing, in both themes and both sizes. */
class PageCareTest extends PageFixture {

  private record Look(ColorScheme theme, int width, int height) {}

  private static final Look DESKTOP = new Look(ColorScheme.LIGHT, 1440, 900);
  private static final Look PHONE = new Look(ColorScheme.DARK, 390, 844);
  private static final List<Look> ALL =
      List.of(
          DESKTOP,
          new Look(ColorScheme.DARK, 1440, 900),
          PHONE,
          new Look(ColorScheme.LIGHT, 390, 844));

  @Test
  void axe_findsNothing() {
    String other = endedRun("{\"trainingExamples\":600,\"epochs\":2,\"learningRate\":0.02}");
    show("#run=" + endedRun() + "&t=0.1");
    assertThat(page.getByTestId("run-status")).hasText("Replay");
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)");
    page.evaluate("document.body.classList.add('form-open')");
    page.getByTestId("copy-python").click();
    assertNoViolations("a run", ALL);
    page.getByTestId("compare").click();
    page.locator("[data-run-id='" + other + "']").getByTestId("pick").check();
    assertThat(page.getByTestId("comparison")).containsText("0.02");
    assertNoViolations("runs compared", ALL);
  }

  @Test
  void axe_findsNothing_whereThereIsNoRun_orOneGoesOn_orSomethingIsWrong() {
    List<Look> two = List.of(DESKTOP, PHONE);
    page.close();
    context = TestBrowser.newContext(1280, 720);
    context.route("**/api/runs?limit=*", route -> route.fulfill(json(200, "{\"runs\":[]}")));
    open("/");
    assertThat(page.locator("#run-title")).hasText("No run yet");
    assertThat(page.getByTestId("verdict")).containsText("Start trains two networks");
    page.locator("[name=epochs]").fill("0");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("error-epochs")).isVisible();
    assertNoViolations("no run, a faulty field", two);

    String id =
        server
            .startRun("{\"epochs\":1000,\"hiddenLayers\":[16],\"iterationsPerSecond\":20}")
            .getString("id");
    open("/#run=" + id);
    page.waitForFunction("() => tandem.points('none') > 10");
    page.getByTestId("label-edit").click();
    assertNoViolations("running, the label's form", two);
    page.keyboard().press("Escape");
    page.getByTestId("replay").click();
    assertThat(page.getByTestId("run-status")).hasText("Replay");
    assertNoViolations("looking back", two);
    page.getByTestId("replay-close").click();
    page.route("**/cancel", route -> route.fulfill(json(401, "{\"status\":401}")));
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("token")).isVisible();
    assertNoViolations("the dialog to sign in", two);
    context.setOffline(true);
    assertThat(page.getByTestId("live")).containsText("Not live");
    server.post("/api/runs/" + id + "/cancel", "");
    server.awaitStatus(id, "cancelled");
  }

  private static Route.FulfillOptions json(int status, String body) {
    return new Route.FulfillOptions()
        .setStatus(status)
        .setContentType("application/json")
        .setBody(body);
  }

  @Test
  void socketThatIsDeadButOpen_isNoticed_andNothingIsMissing() {
    AtomicInteger connections = new AtomicInteger();
    page.routeWebSocket(
        Pattern.compile("/api/runs/.*/live"),
        socket -> {
          WebSocketRoute toServer = socket.connectToServer();
          boolean dies = connections.incrementAndGet() == 1;
          AtomicInteger frames = new AtomicInteger();
          toServer.onMessage(
              frame -> {
                if (!dies || frames.incrementAndGet() < 5) {
                  socket.send(frame.text());
                }
              });
        });
    // Only a page that is opened after it knows of the route.
    page.reload();
    page.locator("[name=epochs]").fill("1000");
    page.getByTestId("start").click();
    page.waitForCondition(() -> connections.get() > 1);
    int before = number("tandem.points('none')");
    page.waitForFunction("least => tandem.points('none') > least", before);
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("run-status")).hasText("Cancelled");
  }

  @Test
  void fourVariants_haveTheirNamesByTheirNumbers() {
    String id =
        endedRun(
            """
            {"trainingExamples":600,"testExamples":100,"epochs":1,"hiddenLayers":[16],"variants":[
              {"normalization":"none"},{"normalization":"batch"},
              {"normalization":"none","name":"without and with a long name"},
              {"normalization":"batch","name":"with and with a long name"}]}""");
    show("#run=" + id);
    assertThat(page.locator("#loss-readout").getByText("with and with a long name")).isVisible();
    page.setViewportSize(390, 844);
    assertThat(page.locator("#loss-readout").getByText("with and with a long name")).isVisible();
    assertEquals(390, number("document.documentElement.scrollWidth"), "wider than the screen");
  }

  private void assertNoViolations(String where, List<Look> looks) {
    for (Look look : looks) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.theme));
      page.setViewportSize(look.width, look.height);
      // What is drawn anew for another theme or size is there after two frames.
      page.evaluate(
          "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
      assertEquals(List.of(), violations(), () -> where + ", " + look);
    }
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    page.setViewportSize(1280, 900);
  }

  private List<String> violations() {
    return new AxeBuilder(page)
            // The page has no frames; without them the other mode only costs a tab for each look.
            .setLegacyMode(true)
            .analyze()
            .getViolations()
            .stream()
            .flatMap(
                rule ->
                    rule.getNodes().stream().map(node -> rule.getId() + ": " + node.getTarget()))
            .toList();
  }
}
