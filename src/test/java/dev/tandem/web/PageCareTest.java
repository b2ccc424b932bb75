package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That everyone can use the page: axe-core finds nothing, in both themes and both sizes. */
class PageCareTest extends PageFixture {

  @ParameterizedTest
  @CsvSource({"LIGHT,1440,900", "DARK,1440,900", "LIGHT,390,844", "DARK,390,844"})
  void axe_findsNothing(ColorScheme theme, int width, int height) {
    String id = endedRun();
    String other = endedRun("{\"trainingExamples\":600,\"epochs\":2,\"learningRate\":0.02}");
    page.close();
    context =
        browser.newContext(
            new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(theme));
    open("/#run=" + id + "&t=0.1");
    assertThat(page.getByTestId("run-status")).hasText("Replay");
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)");
    page.evaluate("document.body.classList.add('form-open')");
    page.getByTestId("copy-python").click();
    assertEquals(List.of(), violations());
    page.getByTestId("compare").click();
    page.locator("[data-run-id='" + other + "']").getByTestId("pick").check();
    assertThat(page.getByTestId("comparison")).containsText("0.02");
    assertEquals(List.of(), violations());
  }

  @ParameterizedTest
  @CsvSource({"LIGHT,1440,900", "DARK,390,844"})
  void axe_findsNothing_whereThereIsNoRun_orOneGoesOn_orSomethingIsWrong(
      ColorScheme theme, int width, int height) {
    page.close();
    context =
        browser.newContext(
            new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(theme));
    context.route("**/api/runs?limit=*", route -> route.fulfill(json(200, "{\"runs\":[]}")));
    open("/");
    assertThat(page.locator("#run-title")).hasText("No run yet");
    assertThat(page.getByTestId("verdict")).containsText("Start trains two networks");
    page.locator("[name=epochs]").fill("0");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("error-epochs")).isVisible();
    assertEquals(List.of(), violations(), "no run, a faulty field");

    String id = server.startRun("{\"epochs\":50,\"iterationsPerSecond\":50}").getString("id");
    open("/#run=" + id);
    page.waitForFunction("() => tandem.points('none') > 10");
    page.getByTestId("label-edit").click();
    assertEquals(List.of(), violations(), "running, the label's form");
    page.keyboard().press("Escape");
    page.getByTestId("replay").click();
    assertThat(page.getByTestId("run-status")).hasText("Replay");
    assertEquals(List.of(), violations(), "looking back");
    page.getByTestId("replay-close").click();
    page.route("**/cancel", route -> route.fulfill(json(401, "{\"status\":401}")));
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("token")).isVisible();
    assertEquals(List.of(), violations(), "the dialog to sign in");
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
    page.navigate(server.url() + "/#run=" + id);
    page.reload();
    assertThat(page.locator("#loss-readout").getByText("with and with a long name")).isVisible();
    page.setViewportSize(390, 844);
    assertThat(page.locator("#loss-readout").getByText("with and with a long name")).isVisible();
    assertEquals(390, number("document.documentElement.scrollWidth"), "wider than the screen");
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
