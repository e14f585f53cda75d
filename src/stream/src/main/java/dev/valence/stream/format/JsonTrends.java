package dev.valence.stream.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.schema.SentimentTrend;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Trends as JSON objects, with the field names of the Avro schema. */
final class JsonTrends extends JsonForm<SentimentTrend> {

  @Override
  ObjectNode write(SentimentTrend trend) {
    ObjectNode object =
        objects()
            .object()
            .put("subject", trend.getSubject())
            .put("windowStart", trend.getWindowStart().toString())
            .put("windowEnd", trend.getWindowEnd().toString())
            .put("reviews", trend.getReviews())
            .put("worded", trend.getWorded());
    ObjectNode labels = object.putObject("labels");
    new TreeMap<>(trend.getLabels()).forEach(labels::put);
    ObjectNode means = object.putObject("meanProbabilities");
    new TreeMap<>(trend.getMeanProbabilities()).forEach(means::put);
    return object;
  }

  @Override
  SentimentTrend read(ObjectNode object) throws UnreadableRecordException {
    try {
      Map<String, Long> labels = new TreeMap<>();
      object
          .required("labels")
          .properties()
          .forEach(entry -> labels.put(entry.getKey(), entry.getValue().longValue()));
      Map<String, Double> means = new TreeMap<>();
      object
          .required("meanProbabilities")
          .properties()
          .forEach(entry -> means.put(entry.getKey(), entry.getValue().doubleValue()));
      return SentimentTrend.newBuilder()
          .setSubject(object.path("subject").textValue())
          .setWindowStart(Instant.parse(text(object, "windowStart")))
          .setWindowEnd(Instant.parse(text(object, "windowEnd")))
          .setReviews(object.required("reviews").longValue())
          .setWorded(object.required("worded").longValue())
          .setLabels(labels)
          .setMeanProbabilities(means)
          .build();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UnreadableRecordException("not a trend in JSON: " + e.getMessage(), e);
    }
  }
}
