package dev.valence.cli;

import dev.valence.stream.DeadLetter;
import dev.valence.stream.DeadLetter.Cause;
import dev.valence.stream.DeadLetter.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends the dead letters that are on a topic now back to where they came from. The letters and the
 * offsets behind them are committed in one transaction, so each letter is sent once by each group,
 * however often this starts and wherever it is killed, for as long as Kafka keeps the group's
 * offsets ({@code offsets.retention.minutes} after the last run; seven days). Who reads the reviews
 * must read committed records only, as Kafka Streams does under {@code exactly_once_v2}.
 */
final class DeadLetterReplay {

  /**
   * What was done.
   *
   * @param sent letters that were, or would be, sent back
   * @param passedOver letters that died of another reason, or were sent under another group
   * @param strangers records that are not dead letters
   */
  record Count(long sent, long passedOver, long strangers) {}

  private static final int MAX_RECORD_BYTES = 64 << 20;
  private static final int MAX_WAIT_MS = 30_000;

  private final Brokers brokers;
  private final String topic;
  private final String group;
  private final Reason reason;
  private final Function<Reason, Optional<String>> otherGroup;
  private final long max;
  private final Map<String, Integer> partitionsByTopic = new HashMap<>();
  private final Map<String, Map<TopicPartition, OffsetAndMetadata>> seenByOthers = new HashMap<>();

  private long sent;
  private long passedOver;
  private long strangers;

  /**
   * @param group remembers what was seen
   * @param reason of the letters to send; null for all
   * @param otherGroup under which letters of a reason may have been sent before: they are passed
   *     over
   * @param max positive; most letters to send
   */
  DeadLetterReplay(
      Brokers brokers,
      String topic,
      String group,
      Reason reason,
      Function<Reason, Optional<String>> otherGroup,
      long max) {
    this.brokers = brokers;
    this.topic = topic;
    this.group = group;
    this.reason = reason;
    this.otherGroup = otherGroup;
    this.max = max;
  }

  /**
   * Sends the letters.
   *
   * @param complaints takes a line for each record that is not a dead letter
   * @throws CommandFailedException if there is no such topic, a letter's own is gone, or Kafka
   *     refuses
   */
  Count send(Consumer<String> complaints) {
    try (CommittedTopic letters = letters();
        KafkaProducer<byte[], byte[]> producer = producer()) {
      // Ends what an earlier run left open, and that run, should it still be at work.
      producer.initTransactions();
      return walk(
          letters,
          found -> {
            List<ProducerRecord<byte[], byte[]>> originals = new ArrayList<>();
            Map<TopicPartition, OffsetAndMetadata> seen = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> letter : found) {
              if (sent == max) {
                break;
              }
              chosen(letter, complaints)
                  .ifPresent(cause -> originals.add(original(letter, cause, letters)));
              seen.put(
                  new TopicPartition(letter.topic(), letter.partition()),
                  new OffsetAndMetadata(letter.offset() + 1));
            }
            producer.beginTransaction();
            originals.forEach(producer::send);
            producer.sendOffsetsToTransaction(seen, letters.groupMetadata());
            producer.commitTransaction();
          });
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new CommandFailedException(
          "another replay of %s took over under the group %s. Let it end.".formatted(topic, group),
          e);
    } catch (KafkaException e) {
      throw new CommandFailedException(
          "cannot send dead letters of %s back: %s".formatted(topic, e.getMessage()), e);
    }
  }

  /**
   * Goes through the letters and changes nothing.
   *
   * @param causes takes that of each letter that would be sent
   * @param complaints takes a line for each record that is not a dead letter
   * @throws CommandFailedException if there is no such topic, or Kafka refuses
   */
  Count preview(Consumer<Cause> causes, Consumer<String> complaints) {
    try (CommittedTopic letters = letters()) {
      return walk(
          letters,
          found -> {
            for (ConsumerRecord<byte[], byte[]> letter : found) {
              if (sent < max) {
                chosen(letter, complaints).ifPresent(causes);
              }
            }
          });
    }
  }

  private Count walk(CommittedTopic letters, Consumer<List<ConsumerRecord<byte[], byte[]>>> step) {
    letters.readTo(letters.ends(), () -> sent == max, step);
    return new Count(sent, passedOver, strangers);
  }

  private Optional<Cause> chosen(
      ConsumerRecord<byte[], byte[]> letter, Consumer<String> complaints) {
    Optional<Cause> cause = DeadLetter.causeOf(letter.headers());
    if (cause.isEmpty()) {
      strangers++;
      complaints.accept(
          "%s-%d at offset %d is not a dead letter: its headers do not say where it came from"
              .formatted(letter.topic(), letter.partition(), letter.offset()));
      return cause;
    }
    if ((reason != null && cause.get().reason() != reason)
        || isSent(letter, cause.get().reason())) {
      passedOver++;
      return Optional.empty();
    }
    sent++;
    return cause;
  }

  private boolean isSent(ConsumerRecord<byte[], byte[]> letter, Reason cause) {
    return otherGroup
        .apply(cause)
        .map(other -> seenByOthers.computeIfAbsent(other, this::seenBy))
        .map(seen -> seen.get(new TopicPartition(letter.topic(), letter.partition())))
        .filter(seen -> letter.offset() < seen.offset())
        .isPresent();
  }

  private Map<TopicPartition, OffsetAndMetadata> seenBy(String other) {
    try (Admin admin = Admin.create(brokers.reaching(Map.of()))) {
      return admin
          .listConsumerGroupOffsets(other)
          .partitionsToOffsetAndMetadata()
          .get(MAX_WAIT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailedException(
          "cannot ask %s what was sent back under the group %s: %s"
              .formatted(
                  brokers.address(),
                  other,
                  e.getCause() == null ? "no answer" : e.getCause().getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted while asking for the group " + other, e);
    }
  }

  /** To its partition, so that the order of a key survives, unless that is gone. */
  private ProducerRecord<byte[], byte[]> original(
      ConsumerRecord<byte[], byte[]> letter, Cause cause, CommittedTopic letters) {
    // Not the producer's answer, since that may create the topic, which nobody reads.
    int partitions = partitionsByTopic.computeIfAbsent(cause.topic(), letters::partitionsOf);
    if (partitions == 0) {
      throw new CommandFailedException(
          "the dead letter %s-%d at offset %d came from the topic %s, which is gone. Create it to send letters back to it."
              .formatted(letter.topic(), letter.partition(), letter.offset(), cause.topic()));
    }
    return new ProducerRecord<>(
        cause.topic(),
        cause.partition() < partitions ? cause.partition() : null,
        letter.timestamp(),
        letter.key(),
        letter.value(),
        DeadLetter.original(letter.headers()));
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        brokers.reaching(
            Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                group,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                MAX_RECORD_BYTES,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                2L * MAX_RECORD_BYTES,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                MAX_WAIT_MS,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4")),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private CommittedTopic letters() {
    return CommittedTopic.open(
        brokers.reaching(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group)),
        topic,
        "Name the topic of dead letters with --topic.");
  }
}
