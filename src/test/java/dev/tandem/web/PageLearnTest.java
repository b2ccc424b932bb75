package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.assertions.LocatorAssertions;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page teaches: experiments to try, the difference, what a run shows. */
class PageLearnTest extends PageFixture {

  @Test
  void preset_startsWithOneClick_andSaysWhatToLookFor() {
    page.getByText("Experiments to try").click();
    page.getByTestId("preset-fast").focus();
    page.keyboard().press("Enter");
    assertThat(page.getByTestId("look")).containsText("Without BatchNorm");
    assertThat(page.locator("[name=learningRate]")).hasValue("0.1");
    assertThat(page.getByTestId("run-status"))
        .hasText("Completed", new LocatorAssertions.HasTextOptions().setTimeout(LONG_MILLIS));
    assertThat(page.getByTestId("lane-none").getByTestId("lane-accuracy"))
        .hasText(Pattern.compile("[12]?\\d\\.\\d%"));
    assertThat(page.getByTestId("lane-batch").getByTestId("lane-accuracy"))
        .hasText(Pattern.compile("(8[5-9]|9\\d)\\.\\d%"));
    assertTrue(page.url().contains("scale=log"));
  }
}
