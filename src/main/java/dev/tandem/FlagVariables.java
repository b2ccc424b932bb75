package dev.tandem;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The environment behind the flags: {@code TANDEM_DATA_DIR} is what {@code --data-dir} is where it
 * isn't given. An empty variable is an unset one, as in most programs: compose files and scripts
 * pass on what they don't have.
 */
final class FlagVariables implements IDefaultValueProvider {
  private static final String PORT = variable("--port");

  private final Map<String, String> given = new HashMap<>();

  /** See {@link #serviceAddress}. */
  private String serviceAddress;

  FlagVariables(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (name.equals(PORT) && value.matches("(tcp|udp|sctp)://.*")) {
            serviceAddress = value;
          } else if (!value.isBlank()) {
            given.put(name, value);
          }
        });
  }

  /** The variable that stands for a flag. */
  static String variable(String flag) {
    return "TANDEM_" + flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /**
   * Where there is a service named tandem, Kubernetes and Docker's links set {@code TANDEM_PORT} to
   * its address, in every container beside it. That is nobody's wish, and no port.
   */
  Optional<String> serviceAddress() {
    return Optional.ofNullable(serviceAddress);
  }

  /** Whether there is something in a flag's variable. */
  boolean has(String flag) {
    return given.containsKey(variable(flag));
  }

  /** What is in a flag's variable, or null. */
  String given(String flag) {
    return given.get(variable(flag));
  }

  /** Null where there is no such variable: the flag's own default holds then. */
  @Override
  public String defaultValue(ArgSpec argument) {
    boolean asks = argument instanceof OptionSpec of && (of.usageHelp() || of.versionHelp());
    return argument instanceof OptionSpec option && !asks
        ? given.get(variable(option.longestName()))
        : null;
  }
}
