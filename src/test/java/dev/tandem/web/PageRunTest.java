package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done on the page with a run in view: naming it, holding it back, looking back. */
class PageRunTest extends PageFixture {
  /** It goes on for minutes if it is let. */
  private static final String SLOW =
      "{\"epochs\":400,\"trainingExamples\":1200,\"testExamples\":100,\"hiddenLayers\":[16],"
          + "\"iterationsPerSecond\":40}";

  private final List<String> started = new ArrayList<>();

  @Override
  String first() {
    return null;
  }

  @AfterEach
  void cancelWhatRuns() {
    started.forEach(id -> server.post("/api/runs/" + id + "/cancel", ""));
    started.forEach(id -> server.awaitStatus(id, "completed", "cancelled"));
  }

  private String slowRun() {
    String id = server.startRun(SLOW).getString("id");
    started.add(id);
    return id;
  }

  @Test
  void nameAndNote_areGivenByKeyboard_andShownToAllWhoLook_afterTheEndToo() {
    String id = endedRun();
    show("#run=" + id);
    Page other = context.newPage();
    other.navigate(server.url() + "/#run=" + id);
    assertThat(other.locator("#run-title")).hasText("Without / with BatchNorm");
    page.getByTestId("label-edit").focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("#label-name")).isFocused();
    page.keyboard().type("Tiny nets");
    page.keyboard().press("Tab");
    page.keyboard().type("one\ntwo");
    page.keyboard().press("Control+Enter");
    for (Page each : new Page[] {page, other}) {
      assertThat(each.locator("#run-title")).hasText("Tiny nets");
      assertThat(each.getByTestId("run-note")).hasText("one\ntwo");
      assertThat(each.locator("[data-run-id='" + id + "']")).containsText("Tiny nets");
      assertThat(each.getByTestId("run-status")).hasText("Completed");
    }
    assertThat(page.getByTestId("label-edit")).isFocused();
    other.close();
    page.getByTestId("find").fill("two");
    assertThat(page.locator("[data-testid=run-item]:visible")).hasCount(1);
    page.getByTestId("compare").click();
    assertThat(page.getByTestId("comparison")).containsText("A Tiny nets");
    assertThat(page.getByTestId("comparison")).containsText("one\ntwo");
    page.getByTestId("compare").click();
    page.getByTestId("find").fill("");
    page.reload();
    assertThat(page.locator("#run-title")).hasText("Tiny nets");
    page.getByTestId("label-edit").click();
    page.locator("#label-name").fill("");
    page.keyboard().press("Enter");
    assertThat(page.locator("#run-title")).hasText("Without / with BatchNorm");
    assertThat(page.getByTestId("run-note")).hasText("one\ntwo");
  }

  @Test
  void label_thatIsNotAccepted_saysWhy_andEscapeLeavesItAsItWas() {
    show("#run=" + endedRun());
    page.getByTestId("label-edit").click();
    page.locator("#label-note").evaluate("note => { note.maxLength = 3000; }");
    page.locator("#label-note").fill("x".repeat(2001));
    page.getByTestId("label-save").click();
    assertThat(page.getByTestId("label-error")).containsText("at most 2,000 characters");
    page.keyboard().press("Escape");
    assertThat(page.getByTestId("label-form")).isHidden();
    assertThat(page.getByTestId("run-note")).isHidden();
  }

  @Test
  void pace_ofARunThatGoesOn_isChosenOnThePage() {
    String id = slowRun();
    show("#run=" + id);
    assertThat(page.getByTestId("pace")).hasValue("40");
    page.getByTestId("pace").selectOption("5");
    page.waitForCondition(() -> server.get("/api/runs/" + id + "/pace").body().contains(":5"));
    page.reload();
    assertThat(page.getByTestId("pace")).hasValue("5");
    page.getByTestId("pace").selectOption("");
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    assertThat(page.getByTestId("pace")).isHidden();
    assertEquals(8000, number("tandem.points('none')"));
  }

  @Test
  void runThatGoesOn_isLookedBackAt_whileItGoesOn_andThenSeenLiveAgain() {
    String id = slowRun();
    show("#run=" + id);
    page.waitForFunction("() => tandem.points('none') > 60");
    page.getByTestId("replay").click();
    page.getByTestId("moment").fill("1");
    assertThat(page.getByTestId("run-status")).hasText("Replay");
    int shown = number("tandem.shown('none')");
    int held = number("tandem.points('none')");
    double end = sliderEnd();
    assertTrue(shown < held, shown + " of " + held);
    page.waitForFunction("held => tandem.points('none') > held + 40", held);
    page.waitForFunction("end => document.querySelector('#replay input').max > end", end);
    assertEquals(shown, number("tandem.shown('none')"));
    page.waitForURL(url -> url.contains("&t=1"));
    page.reload();
    assertThat(page.getByTestId("run-status")).hasText("Replay");
    assertThat(page.getByTestId("moment")).hasValue("1");
    // How many that are depends on the pieces in which they came.
    page.waitForFunction("() => tandem.shown('none') > 0");
    assertTrue(number("tandem.shown('none')") < held);
    page.getByTestId("replay-close").click();
    assertThat(page.getByTestId("run-status")).hasText("Running");
    page.waitForFunction("() => tandem.shown('none') === tandem.points('none')");

    page.getByTestId("replay").click();
    page.getByTestId("speed").selectOption("10");
    page.getByTestId("play").click();
    // What has caught up with the present is live again.
    assertThat(page.getByTestId("run-status")).hasText("Running");
    page.getByTestId("cancel").click();
    assertThat(page.getByTestId("run-status")).hasText("Cancelled");
  }

  @Test
  void delayToTheScreen_isShown_andReportedToTheServer() {
    String id = slowRun();
    show("#run=" + id);
    assertThat(page.getByTestId("delay")).hasText(Pattern.compile("\\d+ ms"));
    assertThat(page.locator("#live")).hasAttribute("title", Pattern.compile(".*clocks agree.*"));
    page.waitForFunction("() => tandem.delays() > 10");
    page.navigate("about:blank");
    TestServerMetrics.await(server, "tandem_page_delay_seconds_count");
  }

  @Test
  void newcomer_isToldWhatThisIs_untilItIsClosed_andFindsTheWayAround() {
    show("#run=" + endedRun());
    assertThat(page.getByTestId("about")).containsText("mean 0 and spread 1");
    assertThat(page.getByTestId("about-fast")).isVisible();
    page.getByTestId("about").locator("summary").press("Enter");
    assertThat(page.getByTestId("about-fast")).isHidden();
    page.waitForFunction("() => localStorage.getItem('tandem-about') === 'closed'");
    page.reload();
    assertThat(page.getByTestId("about")).isVisible();
    assertThat(page.getByTestId("about-fast")).isHidden();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Difference")).click();
    assertThat(page.locator("#difference-title")).isInViewport();
    assertThat(page.getByTestId("parts").locator("[aria-current]")).hasText("Difference");
  }

  private double sliderEnd() {
    return Double.parseDouble(
        page.evaluate("document.querySelector('#replay input').max").toString());
  }
}
