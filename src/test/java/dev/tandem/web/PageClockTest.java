package dev.tandem.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page's clock where the machine has slept, and its calendar after midnight. */
class PageClockTest extends PageFixture {
  /**
   * A clock and delays of their own, whose timers a test turns by hand, on a machine that can be
   * put to sleep: through it, the clock that never jumps stands still.
   */
  private static final String MADE =
      """
      async () => {
        const { ServerClock } = await import('/server/serverclock.js');
        const { Delays } = await import('/server/delays.js');
        const steady = performance.now.bind(performance);
        const timers = [];
        const ownTimer = window.setInterval;
        let slept = 0;
        let ahead = 7000;
        performance.now = () => steady() - slept;
        window.setInterval = (turn) => timers.push(turn);
        const server = () => performance.timeOrigin + steady() + ahead;
        const clock = new ServerClock(async () => server());
        const reported = [];
        const delays = new Delays(clock, { report: (seconds) => reported.push(...seconds), measured: () => {} });
        window.setInterval = ownTimer;
        const turn = async () => { for (const each of timers) await each(); };
        const until = async (met) => {
          for (let k = 0; !met(); k++) {
            if (k > 4000) throw new Error(`never came: ${met}`);
            await new Promise((done) => setTimeout(done, 5));
          }
        };
        const known = () => until(() => !Number.isNaN(clock.now()));
        const off = () => Math.abs(clock.now() - server());
        const told = clock.doubted;
        let doubts = 0;
        clock.doubted = () => { doubts++; told(); };
        // The first frame after a doubt is left out.
        const draw = async (ago) => {
          const had = delays.recent.length;
          if (delays.skip) delays.drawn(0);
          delays.drawn(server() - ago);
          await until(() => delays.recent.length > had);
        };
      """;

  @Test
  void clock_isSetAnewAfterASleep_andNothingMeasuredByTheOldOneIsReported() {
    assertEquals(
        "before: near, 1; asleep: in doubt, 0; after: near, 1, reported 1 about 3 s",
        evaluated(
            """
            await known();
            await draw(2000);
            const before = `${off() < 1000 ? 'near' : off()}, ${delays.recent.length}`;
            slept = 3_600_000;
            const doubt = Number.isNaN(clock.now()) ? 'in doubt' : `off by ${off()}`;
            const asleep = `${doubt}, ${delays.recent.length}`;
            await known();
            await draw(3000);
            const after = `${off() < 1000 ? 'near' : off()}, ${delays.recent.length}`;
            await turn();
            await until(() => reported.length > 0);
            const about = reported.every((seconds) => Math.abs(seconds - 3) < 1) ? 'about 3 s' : reported.join();
            return `before: ${before}; asleep: ${asleep}; after: ${after}, reported ${reported.length} ${about}`;
            """));
  }

  @Test
  void delays_areNotReported_whereTheServersClockWasSetMeanwhile() {
    assertEquals(
        "1 measured, 0 reported, near",
        evaluated(
            """
            await known();
            await draw(2000);
            const measured = delays.recent.length;
            ahead -= 30_000;
            await turn();
            await until(() => delays.recent.length === 0);
            await known();
            return `${measured} measured, ${reported.length} reported, ${off() < 1000 ? 'near' : off()}`;
            """));
  }

  @Test
  void delaysThatCannotBe_areNotCounted_andPutTheClockInDoubt() {
    assertEquals(
        "1 doubt, 0 counted; none of long ago",
        evaluated(
            """
            await known();
            await draw(2000);
            delays.drawn(server() + 5000);
            await until(() => doubts > 0);
            const future = delays.recent.length;
            await known();
            for (let k = 0; k < 4000 && delays.recent.length === 0; k++) {
              for (const ago of [90_000, 1000]) {
                delays.drawn(server() - ago);
                await new Promise((done) => setTimeout(done));
              }
            }
            const old = delays.recent.some((delay) => delay > 60_000);
            return `${doubts} doubt, ${future} counted; ${old ? 'some' : 'none'} of long ago`;
            """));
  }

  @Test
  void page_afterASleep_asksForTheTime_beforeItMeasuresOn() {
    page.addInitScript(
        """
        const steady = performance.now.bind(performance);
        let slept = 0;
        performance.now = () => steady() - slept;
        window.sleep = (milliseconds) => { slept += milliseconds; };""");
    AtomicInteger asked = new AtomicInteger();
    page.onRequest(
        request -> {
          if (request.url().endsWith("/api/clock")) {
            asked.incrementAndGet();
          }
        });
    String id =
        server
            .startRun("{\"epochs\":1000,\"hiddenLayers\":[16],\"iterationsPerSecond\":40}")
            .getString("id");
    page.navigate(server.url() + "/#run=" + id);
    page.reload();
    page.waitForFunction("() => tandem.delays() > 3");
    int before = asked.get();
    page.evaluate("sleep(3600000)");
    page.waitForCondition(() -> asked.get() >= before + 5);
    page.waitForFunction("() => tandem.delays() > 3");
    assertThat(page.getByTestId("delay")).hasText(Pattern.compile("\\d+ ms|>999 ms"));
  }

  @Test
  void todaysRuns_areYesterdaysAfterMidnight_withoutAReload() {
    String id = endedRun();
    page.addInitScript(
        """
        const Real = Date;
        let passed = 0;
        window.Date = class extends Real {
          constructor(...of) { super(...(of.length > 0 ? of : [Real.now() + passed])); }
          static now() { return Real.now() + passed; }
        };
        window.pass = (milliseconds) => { passed += milliseconds; };""");
    page.reload();
    Locator time = page.locator("[data-run-id='" + id + "'] time");
    assertThat(time).hasText(Pattern.compile(".*\\d\\d:\\d\\d"));
    page.evaluate("pass(24 * 3600 * 1000); document.dispatchEvent(new Event('visibilitychange'))");
    assertThat(time).hasText(Pattern.compile("\\d+ \\w+, \\d\\d:\\d\\d"));
    page.evaluate(
        "pass(366 * 24 * 3600 * 1000); document.dispatchEvent(new Event('visibilitychange'))");
    assertThat(time).hasText(Pattern.compile("\\d+ \\w+ \\d{4}"));
  }

  private Object evaluated(String body) {
    return page.evaluate(MADE + body + "}");
  }
}
