package dev.valence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
class CommittedTopicTest {

  @Test
  void givesUpWhenNothingComesForAsLongAsAClientWaits(Brokers brokers) throws Exception {
    Topic written = Topic.create(brokers, "committed", 1);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers.address()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(written.name(), "all there is"));
    }
    List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    try (CommittedTopic topic =
        CommittedTopic.open(
            brokers.reaching(Map.of("default.api.timeout.ms", "3000")), written.name(), "")) {
      topic.goToBeginning();

      assertThatThrownBy(
              () ->
                  topic.readTo(
                      Map.of(new TopicPartition(written.name(), 0), 2L), () -> false, read::addAll))
          .isInstanceOf(CommandFailedException.class)
          .hasMessage(
              "the topic %s gave nothing for 3 s. Look at the brokers at %s, and try again.",
              written.name(), brokers.address());
    }
    assertThat(read).hasSize(1);
  }
}
