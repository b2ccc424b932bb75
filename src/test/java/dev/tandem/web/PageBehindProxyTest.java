package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import dev.tandem.web.UpgradeProxy.Upgrades;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page where no WebSocket gets through: all of it is there, and it says why it is late. */
class PageBehindProxyTest extends PageFixture {
  private static final String SLOW =
      "{\"epochs\":100,\"testExamples\":100,\"hiddenLayers\":[16],\"iterationsPerSecond\":40}";

  private UpgradeProxy proxy;
  private Page behind;

  @AfterEach
  void closeProxy() {
    proxy.close();
  }

  private void openBehind(Upgrades upgrades, String hash) {
    proxy = new UpgradeProxy(server.port(), upgrades);
    behind = context.newPage();
    behind.navigate(proxy.url() + "/" + hash);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "DROPPED", "HANGING"})
  void withoutWebSockets_aRunIsStarted_andFollowedToItsEnd(Upgrades upgrades) {
    String ended = endedRun();
    openBehind(upgrades, "#run=" + ended);
    assertThat(behind.getByTestId("start")).isEnabled();
    assertThat(behind.locator("[data-run-id='" + ended + "']")).isVisible();
    assertThat(behind.getByTestId("run-status")).hasText("Completed");
    behind.waitForFunction("() => tandem.points('batch') === 30");
    assertThat(behind.getByTestId("live")).containsText("Fetching");
    assertThat(behind.getByTestId("link-note")).containsText("Upgrade and Connection");

    behind.locator("[name=epochs]").fill("4");
    behind.getByTestId("start").click();
    behind.waitForURL(url -> url.contains("run=") && !url.contains(ended));
    assertThat(behind.getByTestId("run-status")).hasText("Completed");
    String id = behind.url().replaceFirst(".*run=([^&]+).*", "$1");
    behind.waitForFunction("() => tandem.epochs('none') === 4 && tandem.epochs('batch') === 4");
    assertEachLossOnce(id, "none", 336);
    assertEachLossOnce(id, "batch", 336);
    assertThat(behind.locator("[data-run-id='" + id + "']")).containsText("Completed");
  }

  @Test
  void runsOfOthers_comeAndGoInTheList() {
    String ended = endedRun();
    openBehind(Upgrades.REFUSED, "#run=" + ended);
    assertThat(behind.locator("[data-run-id='" + ended + "']")).isVisible();
    String other = endedRun();
    assertThat(behind.locator("[data-run-id='" + other + "']")).containsText("Completed");
    server.delete("/api/runs/" + ended);
    assertThat(behind.getByTestId("verdict")).containsText("deleted");
    assertThat(behind.locator("[data-run-id='" + ended + "']")).hasCount(0);
  }

  @Test
  void runThatGoesOn_isFetchedAsItGrows_andFollowedLiveOnceWebSocketsPass() {
    String id = server.startRun(SLOW).getString("id");
    openBehind(Upgrades.REFUSED, "#run=" + id);
    for (int i = 0, seen = 0; i < 3; i++) {
      behind.waitForFunction("seen => tandem.points('none') > seen", seen);
      seen = points("none");
    }
    assertThat(behind.getByTestId("live")).containsText("Fetching");
    proxy.upgrades = Upgrades.PASSED;
    assertThat(behind.getByTestId("live")).containsText("Live");
    assertThat(behind.getByTestId("link-note")).isHidden();
    int before = points("none");
    behind.waitForFunction("before => tandem.points('none') > before", before);
    server.post("/api/runs/" + id + "/cancel", "");
    server.awaitStatus(id, "cancelled");
  }

  @Test
  void webSocketThatOpensAndStaysSilent_isNoticed_andTheRunIsFetched() {
    String id = server.startRun(SLOW).getString("id");
    openBehind(Upgrades.SILENT, "#run=" + id);
    behind.waitForFunction("() => tandem.points('none') > 100");
    assertThat(behind.getByTestId("live")).containsText("Fetching");
    behind.getByTestId("cancel").click();
    assertThat(behind.getByTestId("run-status")).hasText("Cancelled");
    JsonObject none =
        server.awaitStatus(id, "cancelled").getJsonArray("trainings").getJsonObject(0);
    int held = none.getInteger("iteration");
    behind.waitForFunction("held => tandem.points('none') === held", held);
    assertEachLossOnce(id, "none", held);
  }

  private int points(String variant) {
    return ((Number) behind.evaluate("name => tandem.points(name)", variant)).intValue();
  }

  private void assertEachLossOnce(String id, String variant, int expected) {
    assertEquals(expected, points(variant));
    String path = "/api/runs/" + id + "/losses/" + variant;
    JsonArray losses = new JsonObject(server.get(path).body()).getJsonArray("losses");
    assertEquals(expected, losses.size());
    Object held =
        behind.evaluate(
            "([name, most]) => Array.from({ length: most }, (_, k) => tandem.lossAt(name, k + 1)).join()",
            java.util.List.of(variant, expected));
    // Numbers as the page has read them are compared as numbers, not by how they are written.
    double[] told = IntStream.range(0, expected).mapToDouble(losses::getDouble).toArray();
    String[] parts = ((String) held).split(",");
    assertEquals(expected, parts.length);
    for (int i = 0; i < expected; i++) {
      assertEquals(told[i], Double.parseDouble(parts[i]), variant + ", iteration " + (i + 1));
    }
  }
}
