package dev.valence.stream.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.schema.ReviewSentiment;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Scores as JSON objects, with the field names of the Avro schema. */
final class JsonSentiments implements SentimentFormat {

  private final JsonObjects json = new JsonObjects();

  @Override
  public byte[] write(ReviewSentiment sentiment) {
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
    return json.write(object);
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
          .build();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UnreadableRecordException("not a score in JSON: " + e.getMessage(), e);
    }
  }
}
