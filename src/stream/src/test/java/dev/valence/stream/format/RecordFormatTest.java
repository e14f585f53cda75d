package dev.valence.stream.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.schema.ReviewLabel;
import dev.valence.schema.SentimentTrend;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFormatTest {

  private static final ReviewLabel LABEL =
      ReviewLabel.newBuilder().setId("r-1 ☕").setLabel("mixed").build();

  private static final SentimentTrend TREND =
      SentimentTrend.newBuilder()
          .setSubject("kettle")
          .setWindowStart(Instant.parse("2026-05-01T12:00:00Z"))
          .setWindowEnd(Instant.parse("2026-05-01T12:05:00Z"))
          .setReviews(4)
          .setWorded(2)
          .setLabels(Map.of("positive", 2L, "uncertain", 2L))
          .setMeanProbabilities(Map.of("negative", 0.25, "positive", 0.75))
          .build();

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json"})
  void readsWhatAnyFormatWrote(String name) throws UnreadableRecordException {
    for (String other : new String[] {"avro", "json"}) {
      assertThat(labels(other).read(labels(name).write(LABEL))).isEqualTo(LABEL);
      assertThat(trends(other).read(trends(name).write(TREND))).isEqualTo(TREND);
    }
    SentimentTrend ofNoSubject = SentimentTrend.newBuilder(TREND).setSubject(null).build();
    assertThat(trends(name).read(trends(name).write(ofNoSubject))).isEqualTo(ofNoSubject);
  }

  @Test
  void jsonHasTheFieldsOfTheAvroSchemas() {
    assertThat(new String(labels("json").write(LABEL), UTF_8))
        .isEqualTo("{\"id\":\"r-1 ☕\",\"label\":\"mixed\"}");
    assertThat(new String(trends("json").write(TREND), UTF_8))
        .isEqualTo(
            "{\"subject\":\"kettle\",\"windowStart\":\"2026-05-01T12:00:00Z\","
                + "\"windowEnd\":\"2026-05-01T12:05:00Z\",\"reviews\":4,\"worded\":2,"
                + "\"labels\":{\"positive\":2,\"uncertain\":2},"
                + "\"meanProbabilities\":{\"negative\":0.25,\"positive\":0.75}}");
  }

  @Test
  void refusesWhatItCannotReadWhole() {
    byte[] avro = labels("avro").write(LABEL);

    assertThatThrownBy(() -> labels("avro").read(Arrays.copyOf(avro, avro.length - 1)))
        .isInstanceOf(UnreadableRecordException.class);
    assertThatThrownBy(() -> labels("avro").read("{\"id\":\"a\"}".getBytes(UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage("the JSON object has no field \"label\" with a string");
    assertThatThrownBy(() -> trends("json").read("{\"labels\":{}}".getBytes(UTF_8)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith("not a trend in JSON: ");
    assertThatThrownBy(() -> trends("avro").read(avro))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith("written with an unknown Avro schema");
    assertThatThrownBy(() -> labels("avro").read(new byte[] {0, 0, 0, 0, 1, 2}))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessage("its schema is in a schema registry: say in which");
  }

  @Test
  void needsARegistryToWriteForOne() {
    assertThatThrownBy(() -> labels("avro-registry"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cannot write the format avro-registry");
  }

  private static RecordFormat<ReviewLabel> labels(String name) {
    return RecordFormat.labels(name, Optional.empty(), "labels");
  }

  private static RecordFormat<SentimentTrend> trends(String name) {
    return RecordFormat.trends(name, Optional.empty(), "trends");
  }
}
