package dev.valence.stream.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.valence.schema.Review;
import dev.valence.stream.page.Verdict.Judge;
import dev.valence.stream.page.Verdict.NotReadyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Scores the review that somebody typed into the page: {@code {"text": "..."}} in, the score and
 * its words out. Nothing of it reaches a topic. One at a time, a few a second.
 */
final class TrialRun {

  /** A long review; bytes of UTF-8 as JSON. */
  private static final int MAX_BYTES = 32 << 10;

  private static final JsonMapper JSON = new JsonMapper();

  private final Judge judge;
  private final TokenBucket rate = new TokenBucket(2, 6, System::nanoTime);

  TrialRun(Judge judge) {
    this.judge = judge;
  }

  Answer answer(HttpExchange exchange) throws IOException {
    if (!rate.take()) {
      return Answer.problem(429, "Too many at once. Wait a moment.");
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BYTES + 1);
    if (body.length > MAX_BYTES) {
      return Answer.problem(413, "The review is too long: more than 32 kB. Shorten it.");
    }
    String text = text(body);
    if (text == null) {
      return Answer.problem(400, "Send {\"text\": \"...\"} in JSON.");
    }
    try {
      return Answer.json(200, ServerEvent.json(judged(text)));
    } catch (NotReadyException e) {
      return Answer.problem(503, "No model is loaded yet. Try again in a moment.");
    } catch (RuntimeException e) {
      return Answer.problem(422, "The model cannot score this: " + e.getMessage());
    }
  }

  private synchronized ShownReview judged(String text) throws NotReadyException {
    Verdict verdict = judge.judge(text);
    Review review = Review.newBuilder().setId("").setText(text).build();
    return ShownReview.of(0, review, verdict.sentiment()).with(verdict.contributions());
  }

  private static String text(byte[] body) throws IOException {
    try {
      JsonNode text = JSON.readTree(new String(body, StandardCharsets.UTF_8)).path("text");
      return text.isTextual() ? text.textValue() : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
