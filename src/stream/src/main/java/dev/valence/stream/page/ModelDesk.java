package dev.valence.stream.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.valence.stream.control.Assignment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes which model scores, for an administrator: {@code {"do": "activate", "version": 4}} in,
 * what the processors are told now out. Other deeds are {@code rollback}, {@code promote} and
 * {@code withdraw}; without a version, {@code activate} follows the latest one.
 */
final class ModelDesk {

  private static final Logger LOG = LoggerFactory.getLogger(ModelDesk.class);
  private static final int MAX_BYTES = 1 << 10;
  private static final JsonMapper JSON = new JsonMapper();

  private final PageGuard guard;
  private final Admin.Orders orders;

  /** Each try costs, right or wrong: otherwise an answer would tell a right token from a wrong. */
  private final TokenBucket rate = new TokenBucket(0.5, 5, System::nanoTime);

  ModelDesk(PageGuard guard, Admin.Orders orders) {
    this.guard = guard;
    this.orders = orders;
  }

  Answer answer(HttpExchange exchange) throws IOException {
    if (!rate.take()) {
      return Answer.problem(429, "Too many at once. Wait a moment.");
    }
    if (!guard.isAdmin(exchange)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      return Answer.problem(401, "This is not the admin token.");
    }
    Optional<UnaryOperator<Assignment>> change =
        change(exchange.getRequestBody().readNBytes(MAX_BYTES));
    return change.isPresent()
        ? told(change.get())
        : Answer.problem(
            400,
            "Say what to do: activate with a version or without, rollback, promote or withdraw.");
  }

  private synchronized Answer told(UnaryOperator<Assignment> change) {
    try {
      Assignment told = orders.tell(change);
      LOG.info("An administrator told the processors by the page: {}.", told);
      return Answer.json(200, ServerEvent.json(Map.of("told", told.toString())));
    } catch (KafkaException e) {
      return Answer.problem(503, "Kafka does not take it: " + e.getMessage());
    } catch (IllegalStateException e) {
      return Answer.problem(409, "That cannot be done: " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.problem(503, "The processor is going down.");
    }
  }

  private static Optional<UnaryOperator<Assignment>> change(byte[] body) throws IOException {
    try {
      JsonNode order = JSON.readTree(new String(body, StandardCharsets.UTF_8));
      JsonNode version = order.path("version");
      return switch (order.path("do").asText()) {
        case "activate" -> activate(version);
        case "rollback" -> Optional.of(Assignment::rollback);
        case "promote" -> Optional.of(Assignment::promote);
        case "withdraw" -> Optional.of(Assignment::withdraw);
        default -> Optional.empty();
      };
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Optional<UnaryOperator<Assignment>> activate(JsonNode version) {
    if (version.isMissingNode() || version.isNull()) {
      return Optional.of(told -> told.activate(null));
    }
    long number = version.canConvertToLong() && version.isIntegralNumber() ? version.asLong() : 0;
    return number > 0 ? Optional.of(told -> told.activate(number)) : Optional.empty();
  }
}
