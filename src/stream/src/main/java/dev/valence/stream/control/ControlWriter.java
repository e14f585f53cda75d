package dev.valence.stream.control;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Tells a fleet what to score with. */
public final class ControlWriter implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final String fleet;

  /**
   * @param settings of a Kafka producer: where the brokers are, and how to be let in
   * @param topic the control topic; it exists
   * @param fleet application id of the processors
   * @param timeout how long the brokers may take
   */
  public ControlWriter(Map<String, Object> settings, String topic, String fleet, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    Map<String, Object> own = new HashMap<>(settings);
    own.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
    own.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    own.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
    own.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    this.topic = topic;
    this.fleet = fleet;
    this.producer = new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Writes, and returns when the brokers have it.
   *
   * @throws KafkaException if they do not
   * @throws InterruptedException if the waiting thread is interrupted; it may still be written
   */
  public void write(Assignment assignment) throws InterruptedException {
    byte[] key = fleet.getBytes(StandardCharsets.UTF_8);
    try {
      producer.send(new ProducerRecord<>(topic, 0, key, assignment.toJson())).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
