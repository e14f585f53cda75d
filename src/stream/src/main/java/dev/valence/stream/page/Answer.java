package dev.valence.stream.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer of the page over HTTP.
 *
 * @param type value of Content-Type
 */
record Answer(int status, String type, byte[] content) {

  /** Nothing from elsewhere, no script but the page's own file, and no frame around it. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  static Answer json(int status, String json) {
    return new Answer(
        status, "application/json; charset=utf-8", json.getBytes(StandardCharsets.UTF_8));
  }

  /** What is wrong, for a person. */
  static Answer problem(int status, String message) {
    return json(status, ServerEvent.json(Map.of("error", message)));
  }

  /** Headers that every answer of the page has. */
  static void protect(HttpExchange exchange) {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Security-Policy", POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }

  void send(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      boolean silent = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, silent ? -1 : content.length);
      if (!silent) {
        exchange.getResponseBody().write(content);
      }
    }
  }
}
