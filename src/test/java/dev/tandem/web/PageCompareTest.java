package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs compared by an address, one of which is no more. */
class PageCompareTest extends PageFixture {
  private static final String NOBODY = "20260101-000000-000-aaaa";

  @Test
  void deletedRun_isTold_andTheOthersKeepTheirLettersAndColours() {
    String first = endedRun();
    String second = endedRun();
    String third = endedRun();
    page.navigate(server.url() + "/#compare=" + String.join(",", first, second, third));
    page.reload();
    Locator heads = page.getByTestId("comparison").locator("thead th:not(:first-child)");
    assertThat(heads).hasCount(3);
    List<String> whole = looks(heads);
    assertEquals(List.of("A blue", "B vermilion", "C green"), whole);
    assertThat(page.getByTestId("compare-missing")).isEmpty();

    // Somebody deletes it while it is looked at, and others open the link later.
    server.delete("/api/runs/" + second);
    for (int i = 0; i < 2; i++) {
      assertThat(page.getByTestId("compare-missing"))
          .containsText("there is no run " + second + ", it may have been deleted");
      assertThat(heads).hasCount(2);
      assertEquals(List.of("A blue", "C green"), looks(heads));
      page.reload();
    }
    page.getByTestId("leave-out").click();
    assertThat(page.getByTestId("compare-missing")).isEmpty();
    assertThat(heads).hasCount(2);
    assertEquals(List.of("A blue", "B vermilion"), looks(heads));
    page.waitForURL(url -> !url.contains(second));
  }

  @Test
  void runThatNeverWas_isTold_alsoWhereNoOtherIsLeft() {
    page.navigate(server.url() + "/#compare=" + NOBODY);
    page.reload();
    assertThat(page.getByTestId("compare-missing")).containsText("A is not there");
  }

  @Test
  void runThatDidNotCome_isAskedForAgain() {
    String first = endedRun();
    String second = endedRun();
    page.route(
        "**/api/runs/" + first + "/events?*",
        route -> route.abort(),
        new com.microsoft.playwright.Page.RouteOptions().setTimes(2));
    page.navigate(server.url() + "/#compare=" + first + "," + second);
    page.reload();
    Locator heads = page.getByTestId("comparison").locator("thead th:not(:first-child)");
    assertThat(heads).hasCount(2);
    assertEquals(List.of("A blue", "B vermilion"), looks(heads));
    assertThat(page.getByTestId("compare-missing")).isEmpty();
  }

  /** Letter and colour of each column. */
  private static List<String> looks(Locator heads) {
    return heads.all().stream()
        .map(
            head ->
                head.textContent().trim().charAt(0)
                    + " "
                    + head.locator(".chip").getAttribute("class").replace("chip ", ""))
        .toList();
  }
}
