package dev.tandem.data;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.net.ProxyOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxies that the environment names, read as most programs do: {@code HTTPS_PROXY} and {@code
 * HTTP_PROXY} by the target's scheme, but {@code NO_PROXY} lists hosts that need none, and this
 * machine itself never does. Lower-case names come first.
 */
final class Proxies {
  static final Proxies NONE = new Proxies(Map.of());

  private final Map<String, String> environment;
  private final List<String> direct;

  Proxies(Map<String, String> environment) {
    this.environment = environment;
    direct = List.of(value("NO_PROXY").orElse("").trim().toLowerCase(Locale.ROOT).split("[,\\s]+"));
  }

  /**
   * What a request is to go through.
   *
   * @throws MirrorFault if the environment names something that can't be a proxy
   */
  Optional<ProxyOptions> forTarget(URI target) throws MirrorFault {
    String variable = target.getScheme().toUpperCase(Locale.ROOT) + "_PROXY";
    Optional<String> proxy = value(variable);
    return proxy.isEmpty() || isDirect(target)
        ? Optional.empty()
        : Optional.of(options(variable, proxy.get()));
  }

  private Optional<String> value(String variable) {
    return Stream.of(variable.toLowerCase(Locale.ROOT), variable)
        .map(environment::get)
        .filter(value -> value != null && !value.isBlank())
        .findFirst();
  }

  private static ProxyOptions options(String variable, String proxy) throws MirrorFault {
    try {
      URI address = new URI(proxy.contains("://") ? proxy : "http://" + proxy);
      if ("http".equalsIgnoreCase(address.getScheme()) && address.getHost() != null) {
        ProxyOptions options =
            new ProxyOptions()
                .setHost(withoutBrackets(address.getHost()))
                .setPort(address.getPort() < 0 ? 80 : address.getPort());
        if (address.getUserInfo() != null) {
          String[] credentials = address.getUserInfo().split(":", 2);
          options
              .setUsername(credentials[0])
              .setPassword(credentials.length < 2 ? "" : credentials[1]);
        }
        return options;
      }
    } catch (URISyntaxException e) {
      // Its message would tell the password.
    }
    throw new MirrorFault(variable + " must be http://HOST:PORT or http://USER:PASSWORD@HOST:PORT");
  }

  private boolean isDirect(URI target) {
    String host = withoutBrackets(target.getHost()).toLowerCase(Locale.ROOT);
    int usual = "https".equalsIgnoreCase(target.getScheme()) ? 443 : 80;
    int port = target.getPort() < 0 ? usual : target.getPort();
    Optional<InetAddress> address = literal(host);
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || address.filter(InetAddress::isLoopbackAddress).isPresent()
        || direct.stream().anyMatch(entry -> covers(entry, host, port, address));
  }

  /**
   * {@code *}, {@code example.com}, {@code .example.com}, {@code host:port}, {@code 10.0.0.0/8}.
   */
  private static boolean covers(
      String entry, String host, int port, Optional<InetAddress> address) {
    if (entry.equals("*")) {
      return true;
    }
    if (entry.contains("/")) {
      return address.filter(of -> isWithin(of, entry)).isPresent();
    }
    String name = entry;
    if (entry.matches("[^:]+:\\d+|\\[.*]:\\d+")) {
      int colon = entry.lastIndexOf(':');
      if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    name = withoutBrackets(name).replaceFirst("^\\*?\\.", "");
    return !name.isEmpty()
        && (host.equals(name)
            || (address.isEmpty() ? host.endsWith("." + name) : address.equals(literal(name))));
  }

  private static boolean isWithin(InetAddress address, String subnet) {
    try {
      String[] parts = subnet.split("/", 2);
      return new IpSubnetFilterRule(parts[0], Integer.parseInt(parts[1]), IpFilterRuleType.ACCEPT)
          .matches(new InetSocketAddress(address, 0));
    } catch (RuntimeException e) {
      return false; // It is no subnet.
    }
  }

  /** An address that is written as one; names are not looked up. */
  private static Optional<InetAddress> literal(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
