package dev.valence.stream.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;

/**
 * Keeps other web sites out. A page that listens on this machine alone answers only to names of
 * this machine, or a site could point its own name here and read along (DNS rebinding); what is
 * posted must come from the page itself, or a site could post through a visitor's browser.
 */
final class PageGuard {

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String BEARER = "Bearer ";

  private final Password adminToken;

  /**
   * @param adminToken null if nobody may change anything
   */
  PageGuard(Password adminToken) {
    this.adminToken = adminToken;
  }

  /** Whether the request was sent to a name that this machine goes by. */
  boolean isMeantForUs(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (host == null) {
      return false;
    }
    InetAddress listening = exchange.getLocalAddress().getAddress();
    String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
    return !listening.isLoopbackAddress()
        || THIS_MACHINE.contains(name)
        || name.equals(listening.getHostAddress());
  }

  /** Whether a script of the page has sent it, or a program that is no browser. */
  boolean isFromThePage(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String site = headers.getFirst("Sec-Fetch-Site");
    String origin = headers.getFirst("Origin");
    String type = headers.getFirst("Content-Type");
    return (site == null || site.equals("same-origin"))
        && (origin == null || isSame(origin, headers.getFirst("Host")))
        && type != null
        && type.toLowerCase(Locale.ROOT).startsWith("application/json");
  }

  /** Whether the request bears the administrator's token. */
  boolean isAdmin(HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (adminToken == null || authorization == null || !authorization.startsWith(BEARER)) {
      return false;
    }
    return MessageDigest.isEqual(
        authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
        adminToken.value().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isSame(String origin, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
