package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The form's settings that play a part, and the editor of what variants differ in. */
class PageVariantFormTest extends PageFixture {
  private static final String TINY =
      "{\"trainingExamples\":100,\"testExamples\":50,\"epochs\":1,\"hiddenLayers\":[8],\"variants\":%s}";

  private void unfold() {
    page.locator(".fold > summary").first().click();
  }

  private Locator variant(int number) {
    return page.getByRole(
        AriaRole.GROUP, new Page.GetByRoleOptions().setName("Variant " + number).setExact(true));
  }

  @Test
  void field_isShownOnlyWhereItApplies() {
    unfold();
    assertThat(page.locator("[name=momentum]")).isHidden();
    page.locator("[name=optimizer]").selectOption("nesterov");
    assertThat(page.locator("[name=momentum]")).isVisible();
    page.locator("[name=optimizer]").selectOption("adam");
    assertThat(page.locator("[name=momentum]")).isHidden();
  }

  @Test
  void proposals_areNew_andStart() {
    unfold();
    page.locator("[name=trainingExamples]").fill("100");
    page.locator("[name=testExamples]").fill("50");
    page.locator("[name=epochs]").fill("1");
    page.locator("[name=batchSize]").fill("20");
    page.locator("[name=hiddenLayers]").fill("8");
    for (int i = 3; i <= 6; i++) {
      page.getByTestId("add-variant").click();
    }
    assertThat(page.getByTestId("add-variant")).isDisabled();
    assertThat(page.locator("[name='variants[2].normalization']")).hasValue("layer");
    assertThat(page.locator("[name='variants[3].activation']")).hasValue("tanh");
    assertThat(page.locator("[name='variants[3].name']")).hasAttribute("placeholder", "tanh");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("run-status")).hasText("Completed");
  }

  @Test
  void difference_isAdded_refusedAtItsInput_mendedAndTaken() {
    unfold();
    Locator second = variant(2);
    second
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Add a difference"))
        .click();
    second.locator(".difference-field").nth(1).selectOption("dropout");
    Locator dropout = page.locator("[name='variants[1].dropout']");
    assertThat(dropout).hasValue("0.2");
    dropout.fill("2");
    page.getByTestId("start").click();
    assertThat(page.getByTestId("error-variants[1].dropout")).isVisible();
    assertThat(dropout).isFocused();
    second
        .getByRole(
            AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Dropout: no difference"))
        .click();
    assertThat(dropout).hasCount(0);
  }

  @Test
  void settingsOfAStoredRun_areFilledIn_withoutTheNamesThatItWasGiven() {
    String id =
        endedRun(
            TINY.formatted(
                "[{\"optimizer\":\"sgd\",\"learningRate\":0.1},{\"name\":\"mine\",\"optimizer\":\"momentum\",\"momentum\":0.5}]"));
    show("#run=" + id);
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    page.locator("#again").click();
    unfold();
    assertThat(page.locator("[name='variants[0].name']")).hasValue("");
    assertThat(page.locator("[name='variants[0].name']")).hasAttribute("placeholder", "SGD, 0.1");
    assertThat(page.locator("[name='variants[1].name']")).hasValue("mine");
    assertThat(page.locator("[name='variants[1].momentum']")).hasValue("0.5");
    assertThat(page.locator("[name=momentum]")).isVisible();
  }

  @Test
  void namesToBe_areThoseThatTheServerGives() {
    for (String variants :
        List.of(
            "[{\"optimizer\":\"sgd\",\"learningRate\":0.1},{}]",
            "[{\"dropout\":0.5},{\"activation\":\"gelu\",\"hiddenLayers\":[8,4]},{}]",
            "[{\"normalization\":\"none\"},{\"normalization\":\"batch\",\"learningRate\":0.02}]",
            "[{\"momentum\":0.5,\"optimizer\":\"momentum\"},{\"weightDecay\":0.0001,\"initialScale\":0.1,\"batchSize\":50,\"optimizer\":\"rmsprop\"}]")) {
      JsonObject settings = server.startRun(TINY.formatted(variants)).getJsonObject("settings");
      List<?> given =
          settings.getJsonArray("variants").stream()
              .map(variant -> ((JsonObject) variant).getString("name"))
              .toList();
      Object told =
          page.evaluate(
              """
              async ([run, variants]) => {
                const { namesOf } = await import('/run/patches.js');
                const schema = await (await fetch('/api/schema')).json();
                return namesOf(schema.properties, JSON.parse(run), JSON.parse(variants));
              }""",
              List.of(settings.encode(), new JsonArray(variants).encode()));
      assertEquals(given, told);
    }
  }

  @Test
  void proposal_neverNormalizesABatchOfOne_norGivesMomentumToAnOptimizerWithout() {
    Object next =
        page.evaluate(
            """
            async () => {
              const { nextVariant } = await import('/run/patches.js');
              const { properties } = await (await fetch('/api/schema')).json();
              const run = Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, of.default]));
              return [
                nextVariant(properties, { ...run, batchSize: 1 }, [{ normalization: 'none' }, { normalization: 'layer' }]),
                nextVariant(properties, run, [{ optimizer: 'sgd' }, { optimizer: 'momentum', momentum: 0.5 }]),
                nextVariant(properties, run, [{}, { learningRate: 0.01 }]),
              ].map(variant => JSON.stringify(variant)).join(' ');
            }""");
    assertEquals("{\"activation\":\"tanh\"} {\"optimizer\":\"adam\"} {\"learningRate\":0.1}", next);
  }
}
