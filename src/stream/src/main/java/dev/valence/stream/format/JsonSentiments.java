package dev.valence.stream.format;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.schema.ReviewSentiment;
import dev.valence.schema.WordWeight;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scores as JSON objects, with the field names of the Avro schema, and on request with what else
 * the review's JSON object had, in a field {@code review}.
 */
final class JsonSentiments implements SentimentFormat {

  private final JsonObjects json = new JsonObjects();
  private final Optional<JsonFields> passedOn;

  /**
   * @param passedOn empty to pass nothing on; else the fields of the review, of which text and id
   *     stay behind
   */
  JsonSentiments(Optional<JsonFields> passedOn) {
    this.passedOn = passedOn;
  }

  @Override
  public byte[] write(ReviewSentiment sentiment) {
    return json.write(object(sentiment));
  }

  @Override
  public byte[] write(ReviewSentiment sentiment, byte[] original) {
    ObjectNode object = object(sentiment);
    passedOn.ifPresent(fields -> object.set("review", others(original, fields)));
    return json.write(object);
  }

  private ObjectNode others(byte[] original, JsonFields fields) {
    try {
      ObjectNode others = json.read(original);
      remove(others, fields.text());
      remove(others, fields.id());
      return others;
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("a review that was scored is not JSON", e);
    }
  }

  private static void remove(ObjectNode object, String field) {
    JsonPointer pointer = JsonFields.pointer(field);
    if (object.at(pointer.head()) instanceof ObjectNode parent) {
      parent.remove(pointer.last().getMatchingProperty());
    }
  }

  private ObjectNode object(ReviewSentiment sentiment) {
    ObjectNode object =
        json.object().put("reviewId", sentiment.getReviewId()).put("label", sentiment.getLabel());
    ObjectNode probabilities = object.putObject("probabilities");
    sentiment.getProbabilities().forEach(probabilities::put);
    object
        .put("modelName", sentiment.getModelName())
        .put("modelVersion", sentiment.getModelVersion())
        .put("tokens", sentiment.getTokens())
        .put("unknownTokens", sentiment.getUnknownTokens())
        .put("truncated", sentiment.getTruncated())
        .put("scoredAt", sentiment.getScoredAt().toString());
    if (sentiment.getExplanation() != null) {
      ArrayNode words = object.putArray("explanation");
      for (WordWeight word : sentiment.getExplanation()) {
        words
            .addObject()
            .put("word", word.getWord())
            .put("start", word.getStart())
            .put("end", word.getEnd())
            .put("weight", word.getWeight());
      }
    }
    return object;
  }

  private static List<WordWeight> explanation(JsonNode words) {
    if (!words.isArray()) {
      return null;
    }
    List<WordWeight> explanation = new ArrayList<>();
    for (JsonNode word : words) {
      explanation.add(
          new WordWeight(
              word.required("word").asText(),
              word.required("start").intValue(),
              word.required("end").intValue(),
              word.required("weight").floatValue()));
    }
    return explanation;
  }

  @Override
  public ReviewSentiment read(byte[] value) throws UnreadableRecordException {
    JsonNode object = json.read(value);
    try {
      Map<String, Float> probabilities = new LinkedHashMap<>();
      object
          .required("probabilities")
          .properties()
          .forEach(entry -> probabilities.put(entry.getKey(), entry.getValue().floatValue()));
      return ReviewSentiment.newBuilder()
          .setReviewId(object.required("reviewId").asText())
          .setLabel(object.required("label").asText())
          .setProbabilities(probabilities)
          .setModelName(object.required("modelName").asText())
          .setModelVersion(object.required("modelVersion").longValue())
          .setTokens(object.required("tokens").intValue())
          .setUnknownTokens(object.required("unknownTokens").intValue())
          .setTruncated(object.required("truncated").booleanValue())
          .setScoredAt(Instant.parse(object.required("scoredAt").asText()))
          .setExplanation(explanation(object.path("explanation")))
          .build();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UnreadableRecordException("not a score in JSON: " + e.getMessage(), e);
    }
  }
}
