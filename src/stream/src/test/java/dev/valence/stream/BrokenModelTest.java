package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.valence.model.BatchPlanner;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A model that loads, and fails on everything later. */
@ExtendWith(TestBroker.Extension.class)
class BrokenModelTest {

  private final TestBroker broker;

  BrokenModelTest(TestBroker broker) {
    this.broker = broker;
  }

  @Test
  void stopsTheStreamAndLosesNothing(@TempDir Path models) throws Exception {
    int count = 200;
    TinyModel.write(models.resolve("1"));
    ValenceConfig config =
        broker.config(
            "broken",
            models,
            Map.of("valence.input.format", "text", "kafka.consumer.session.timeout.ms", "6000"));
    List<ProducerRecord<byte[], byte[]>> reviews =
        IntStream.range(0, count)
            .mapToObj(
                number ->
                    new ProducerRecord<>(
                        config.reviewsTopic(),
                        Integer.toString(number).getBytes(UTF_8),
                        "A good film.".getBytes(UTF_8)))
            .toList();

    try (SentimentStream stream = SentimentStream.start(config, BrokenModelTest::closedModel)) {
      broker.produce(reviews);
      assertThatThrownBy(stream::awaitEnd)
          .isInstanceOf(StreamFailedException.class)
          .hasMessageStartingWith("the stream stopped: the model fails on every review: ");
    }
    assertThat(broker.readAll(config.sentimentsTopic())).isEmpty();
    assertThat(broker.readAll(config.deadLettersTopic())).isEmpty();
    try (Admin admin = broker.admin()) {
      assertThat(broker.committed(admin, config)).isZero();
    }

    try (SentimentStream mended = TestBroker.start(config)) {
      assertThat(broker.read(config.sentimentsTopic(), count)).hasSize(count);
      assertThat(mended.isReady()).isTrue();
    }
    assertThat(broker.readAll(config.deadLettersTopic())).isEmpty();
  }

  private static ServingModel closedModel(SentimentModel model, BatchPlanner planner) {
    ServingModel serving = ServingModel.of(model, planner);
    model.close();
    return serving;
  }
}
