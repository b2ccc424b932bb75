package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of runs when it is long, and what two people do to one run. */
class PageListTest extends PageFixture {
  private static final String TINY =
      "{\"trainingExamples\":20,\"testExamples\":20,\"batchSize\":10,\"epochs\":1,\"hiddenLayers\":[4],\"lens\":false,\"seed\":%d}";

  @Test
  void filterAndOrder_areOverAllRuns_andKeepUpWithThem() {
    String oldest = endedRun(TINY.formatted(77));
    List<String> more = new ArrayList<>();
    while (total() < 33) {
      for (int i = 0; i < 15; i++) {
        more.add(server.startRun(TINY.formatted(1)).getString("id"));
      }
      server.awaitStatus(more.get(more.size() - 1), "completed");
    }
    int total = total();
    page.close();
    open("/");
    assertThat(items()).hasCount(30);
    assertThat(item(oldest)).isHidden();

    page.getByTestId("find").fill("SEED 77");
    assertThat(items()).hasCount(1);
    assertThat(item(oldest)).isVisible();
    assertThat(page.getByTestId("runs-note")).hasText("1 of " + total + " runs");

    page.getByTestId("find").fill("s\u00e9\u00e9d of doubt");
    assertThat(page.getByTestId("runs-note")).containsText("None of " + total + " runs has all");
    assertThat(items()).hasCount(0);
    label(more.get(0), new JsonObject().put("name", "Seed of Doubt"));
    assertThat(items()).hasCount(1);
    assertThat(item(more.get(0))).containsText("Seed of Doubt");
    label(more.get(0), new JsonObject().put("name", ""));
    assertThat(items()).hasCount(0);

    page.getByTestId("find").fill("batch 10");
    assertThat(items()).hasCount(30);
    page.locator("#runs-more").click();
    assertThat(items()).hasCount(total);
    assertThat(page.locator("#runs-more")).isHidden();
    String one = endedRun(TINY.formatted(5));
    assertThat(items().first()).hasAttribute("data-run-id", one);
    assertThat(page.getByTestId("runs-note")).hasText(total + 1 + " of " + (total + 1) + " runs");

    page.getByTestId("find").fill("");
    page.getByTestId("sort").selectOption("oldest");
    assertThat(items().first()).not().hasAttribute("data-run-id", one);
    assertThat(items()).hasCount(30);
    label(oldest, new JsonObject().put("name", "aaa"));
    page.getByTestId("sort").selectOption("name");
    assertThat(items().first()).hasAttribute("data-run-id", oldest);
    page.reload();
    assertThat(items().first()).hasAttribute("data-run-id", oldest);
    assertThat(page.getByTestId("sort")).hasValue("name");
    label(oldest, new JsonObject().put("name", ""));
  }

  @Test
  void whoeverChangesTheName_leavesTheNoteOfAnother() {
    String id = endedRun();
    edit(id);
    label(id, new JsonObject().put("note", "theirs"));
    page.locator("#label-name").fill("mine");
    page.getByTestId("label-save").click();
    assertThat(page.getByTestId("label-form")).isHidden();
    assertThat(page.locator("#run-title")).hasText("mine");
    assertThat(page.getByTestId("run-note")).hasText("theirs");
    assertEquals("theirs", server.run(id).getString("note"));
  }

  @Test
  void whoComesSecond_seesBothTexts_andChooses() {
    String id = endedRun();
    edit(id);
    page.locator("#label-note").fill("mine");
    label(id, new JsonObject().put("name", "new").put("note", "theirs"));
    page.getByTestId("label-save").click();
    assertThat(page.getByTestId("theirs-note")).containsText("theirs");
    assertThat(page.getByTestId("label-error")).containsText("Somebody else");
    assertThat(page.locator("#label-note")).hasValue("mine");
    assertThat(page.locator("#label-name")).hasValue("new");
    assertThat(page.getByTestId("theirs-name")).hasCount(0);
    assertEquals("theirs", server.run(id).getString("note"));
    page.getByTestId("label-save").click();
    assertThat(page.getByTestId("run-note")).hasText("mine");
    assertEquals("new", server.run(id).getString("name"));

    page.getByTestId("label-edit").click();
    page.locator("#label-note").fill("mine again");
    label(id, new JsonObject().put("note", ""));
    page.getByTestId("label-save").click();
    page.getByTestId("theirs-note").locator("button").click();
    assertThat(page.locator("#label-note")).hasValue("");
    page.getByTestId("label-save").click();
    assertThat(page.getByTestId("label-form")).isHidden();
    assertThat(page.getByTestId("run-note")).isHidden();
  }

  private void edit(String id) {
    page.navigate(server.url() + "/#run=" + id);
    page.reload();
    assertThat(page.getByTestId("run-status")).hasText("Completed");
    page.getByTestId("label-edit").click();
    assertThat(page.locator("#label-name")).isFocused();
  }

  private Locator items() {
    return page.locator("[data-testid=run-item]:visible");
  }

  private Locator item(String id) {
    return page.locator("[data-run-id='" + id + "']");
  }

  private static int total() {
    return new JsonObject(server.get("/api/runs?limit=1").body()).getInteger("total");
  }

  private static void label(String id, JsonObject label) {
    server.send(
        HttpRequest.newBuilder(URI.create(server.url() + "/api/runs/" + id))
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(label.encode()))
            .build());
  }
}
