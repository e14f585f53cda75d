package dev.valence.stream;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's clients as Kafka Streams makes them, but for one thing: the consumer of a thread that
 * ends leaves its group, whatever the end was, so that others take over at once. Kafka Streams
 * (4.3.1) leaves where the stream is closed with that option, but not where a thread fails and the
 * stream stops or replaces it ({@code KafkaStreams.closeToError}, {@code replaceStreamThread}):
 * there the partitions would stand still for the session time-out.
 */
final class LeavingClients implements KafkaClientSupplier {

  private final boolean leave;

  /**
   * @param leave false for static members, which keep their place while they restart
   */
  LeavingClients(boolean leave) {
    this.leave = leave;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
      @Override
      public void close(CloseOptions options) {
        super.close(
            leave
                ? CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                : options);
      }
    };
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
