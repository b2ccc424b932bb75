package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import dev.tandem.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page asks for is done once, and seen by every page. */
class PageAnswerTest extends PageFixture {
  private static final String SLOW =
      "{\"epochs\":100,\"testExamples\":100,\"hiddenLayers\":[16],\"iterationsPerSecond\":40}";

  @Test
  void pace_thatOnePageSets_isSeenByTheOthers_andInTheRun() {
    String id = server.startRun(SLOW).getString("id");
    page.navigate(server.url() + "/#run=" + id);
    assertThat(page.getByTestId("pace")).hasValue("40");
    Page other = context.newPage();
    other.navigate(server.url() + "/#run=" + id);
    assertThat(other.getByTestId("pace")).hasValue("40");
    other.getByTestId("pace").selectOption("5");
    assertThat(page.getByTestId("pace")).hasValue("5");
    page.getByTestId("pace").selectOption("20");
    assertThat(other.getByTestId("pace")).hasValue("20");
    assertEquals(
        20, server.run(id).getJsonObject("pace").getDouble("iterationsPerSecond").intValue());
    // One that was set by a program is no choice of the page's own.
    server.post("/api/runs/" + id + "/pace", "{\"iterationsPerSecond\":33}");
    for (Page each : List.of(page, other)) {
      assertThat(each.getByTestId("pace")).hasValue("33");
    }
    other.close();
  }

  @Test
  void start_whoseAnswerGetsLost_isOneRun_whenItIsPressedAgain() {
    int before = runs();
    AtomicInteger asked = new AtomicInteger();
    page.route(
        "**/api/runs",
        route -> {
          if (route.request().method().equals("POST") && asked.incrementAndGet() == 1) {
            assertEquals(201, route.fetch().status());
            route.abort();
          } else {
            route.resume();
          }
        });
    page.getByTestId("start").click();
    assertThat(page.getByTestId("error-form")).containsText("press Start again");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("error-form")).isHidden();
    TestServer.until(() -> asked.get() == 2);
    assertThat(page.locator("#main")).not().hasClass(Pattern.compile("empty"));
    assertThat(page.getByTestId("start")).not().hasAttribute("aria-disabled", "true");
    assertEquals(before + 1, runs());
    page.getByTestId("start").click();
    TestServer.until(() -> runs() == before + 2);
  }

  private static int runs() {
    return new JsonObject(server.get("/api/runs").body()).getJsonArray("runs").size();
  }
}
