package dev.valence.stream.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.schema.ReviewSentiment;
import dev.valence.schema.WordWeight;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentimentFormatTest {

  private static final ReviewSentiment SENTIMENT = sentiment();
  private static final ReviewSentiment EXPLAINED =
      ReviewSentiment.newBuilder(SENTIMENT)
          .setExplanation(
              List.of(new WordWeight("Great", 2, 7, 1.5f), new WordWeight("but", 13, 16, -0.25f)))
          .build();

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json"})
  void readsWhatItWroteAndTellsFormatsApart(String name) throws UnreadableRecordException {
    byte[] value = SentimentFormat.named(name).write(SENTIMENT);

    assertThat(SentimentFormat.named(name).read(value)).isEqualTo(SENTIMENT);
    assertThat(new SentimentReader().read(value)).isEqualTo(SENTIMENT);
  }

  @Test
  void jsonHasTheFieldsOfTheAvroSchemaInItsOrder() {
    assertThat(new String(SentimentFormat.named("json").write(SENTIMENT), UTF_8))
        .isEqualTo(
            "{\"reviewId\":\"r-1\",\"label\":\"positive\","
                + "\"probabilities\":{\"negative\":0.125,\"positive\":0.875},"
                + "\"modelName\":\"imdb\",\"modelVersion\":7,\"tokens\":12,\"unknownTokens\":1,"
                + "\"truncated\":true,\"scoredAt\":\"2026-05-01T12:00:00.250Z\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json"})
  void readsTheExplanationThatItWrote(String name) throws UnreadableRecordException {
    byte[] value = SentimentFormat.named(name).write(EXPLAINED);

    assertThat(new SentimentReader().read(value)).isEqualTo(EXPLAINED);
  }

  @Test
  void jsonHasAFieldMoreForAnExplanation() {
    assertThat(new String(SentimentFormat.named("json").write(EXPLAINED), UTF_8))
        .endsWith(
            "\"scoredAt\":\"2026-05-01T12:00:00.250Z\","
                + "\"explanation\":[{\"word\":\"Great\",\"start\":2,\"end\":7,\"weight\":1.5},"
                + "{\"word\":\"but\",\"start\":13,\"end\":16,\"weight\":-0.25}]}");
  }

  /** JSON may be so deep and no deeper, and what is passed on lies one level further in. */
  @Test
  void jsonPassesOnWhateverWasReadAsAReview() throws UnreadableRecordException {
    SentimentFormat format = SentimentFormat.jsonPassingOn(JsonFields.DEFAULT);
    byte[] deepest = deep(998);

    assertThat(ReviewFormat.named("json").read(deepest).getText()).isEqualTo("x");
    assertThat(new SentimentReader().read(format.write(SENTIMENT, deepest))).isEqualTo(SENTIMENT);
    assertThatThrownBy(() -> ReviewFormat.named("json").read(deep(999)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("nesting depth");
  }

  private static byte[] deep(int arrays) {
    return ("{\"text\":\"x\",\"m\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}")
        .getBytes(UTF_8);
  }

  @Test
  void jsonPassesOnWhatElseTheReviewHad() throws UnreadableRecordException {
    SentimentFormat format =
        SentimentFormat.jsonPassingOn(new JsonFields("/payload/body", "nr", "subject", "at"));

    byte[] value =
        format.write(
            SENTIMENT,
            "{\"nr\":7,\"payload\":{\"body\":\"Good.\",\"stars\":[5,4.50,1.00000000000000000001]},\"label\":\"x\"}"
                .getBytes(UTF_8));

    assertThat(new String(value, UTF_8))
        .startsWith("{\"reviewId\":\"r-1\",\"label\":\"positive\",")
        .endsWith(
            ",\"review\":{\"payload\":{\"stars\":[5,4.50,1.00000000000000000001]},\"label\":\"x\"}}");
    assertThat(new SentimentReader().read(value)).isEqualTo(SENTIMENT);
  }

  @Test
  void refusesWhatIsNotAScore() {
    SentimentReader reader = new SentimentReader();
    byte[] avro = SentimentFormat.named("avro").write(SENTIMENT);

    assertThatThrownBy(() -> reader.read("{\"label\":\"positive\"}".getBytes(UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith("not a score in JSON: ");
    assertThatThrownBy(() -> reader.read(Arrays.copyOf(avro, avro.length - 1)))
        .isInstanceOf(UnreadableRecordException.class);
  }

  private static ReviewSentiment sentiment() {
    Map<String, Float> probabilities = new LinkedHashMap<>();
    probabilities.put("negative", 0.125f);
    probabilities.put("positive", 0.875f);
    return ReviewSentiment.newBuilder()
        .setReviewId("r-1")
        .setLabel("positive")
        .setProbabilities(probabilities)
        .setModelName("imdb")
        .setModelVersion(7)
        .setTokens(12)
        .setUnknownTokens(1)
        .setTruncated(true)
        .setScoredAt(Instant.parse("2026-05-01T12:00:00.250Z"))
        .build();
  }
}
