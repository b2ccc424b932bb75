package dev.tandem;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Says in the end, where nobody overlooks it, what has not been tested on this machine, and why.
 */
public final class NotTested implements TestExecutionListener {
  private final Map<String, String> reasons = new TreeMap<>();

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED) {
      add(test, result.getThrowable().map(Throwable::getMessage).orElse("aborted"));
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    add(test, reason);
  }

  private synchronized void add(TestIdentifier test, String reason) {
    String name =
        test.getSource()
            .filter(MethodSource.class::isInstance)
            .map(MethodSource.class::cast)
            .map(method -> method.getClassName() + "." + method.getMethodName())
            .orElse(test.getDisplayName());
    reasons.put(name, reason.replaceFirst("^Assumption failed: ", ""));
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    if (!reasons.isEmpty()) {
      StringBuilder all =
          new StringBuilder("%n!!! NOT TESTED on this machine: %d%n".formatted(reasons.size()));
      reasons.forEach((name, reason) -> all.append("!!! %s%n!!!     %s%n".formatted(name, reason)));
      System.out.println(all);
    }
  }
}
