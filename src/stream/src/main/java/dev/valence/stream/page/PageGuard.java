package dev.valence.stream.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;

/**
 * Keeps other web sites out. A page answers only to addresses and to names that are known to be its
 * own, or a site could point its own name here and read along (DNS rebinding); what is posted must
 * come from the page itself, or a site could post through a visitor's browser.
 */
final class PageGuard {

  private static final String THIS_MACHINE = "localhost";
  private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|\\[.*]");
  private static final String BEARER = "Bearer ";

  private final Set<String> names;
  private final Password adminToken;

  /**
   * @param names that the page goes by, besides those of its machine
   * @param adminToken null if nobody may change anything
   */
  PageGuard(List<String> names, Password adminToken) {
    this.names =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    this.adminToken = adminToken;
  }

  /** Whether the request was sent to an address, or to a name that the page goes by. */
  boolean isMeantForUs(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (host == null) {
      return false;
    }
    String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
    return name.equals(THIS_MACHINE) || names.contains(name) || ADDRESS.matcher(name).matches();
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
