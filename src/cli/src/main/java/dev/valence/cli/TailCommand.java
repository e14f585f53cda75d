package dev.valence.cli;

import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.format.SchemaRegistryUnavailableException;
import dev.valence.stream.format.SentimentFormat;
import dev.valence.stream.format.SentimentReader;
import dev.valence.stream.format.UnreadableRecordException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence tail}: scores as they come. */
@Command(
    name = "tail",
    description = "Shows the scores on a topic as they are committed, until Ctrl-C or --max.")
final class TailCommand implements Callable<Integer> {

  /** How scores are shown. */
  enum Output {
    table,
    json
  }

  private final SentimentFormat json = SentimentFormat.named(SentimentFormat.JSON);
  private final SentimentTable table = new SentimentTable();

  @Spec private CommandSpec spec;
  @Mixin private Brokers brokers;
  @Mixin private RegistryOption registry;

  @Option(
      names = "--topic",
      paramLabel = "T",
      description = "Topic to read. Default: what --stream-config says, else review-sentiments.")
  private String topic;

  @Option(names = "--from-beginning", description = "Show what is there already, too.")
  private boolean fromBeginning;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "End after so many scores. Default: no end.")
  private Long max;

  @Option(
      names = "--output",
      paramLabel = "KIND",
      defaultValue = "table",
      description = "table, or json for one object a line. Default: ${DEFAULT-VALUE}.")
  private Output output;

  private SentimentReader reader;
  private long shown;

  @Override
  public Integer call() {
    BadUsage.requireAtLeast(1, spec, "--max", max);
    reader = registry.registry(brokers).map(SentimentReader::new).orElseGet(SentimentReader::new);
    brokers.requireAnswer();
    PrintWriter out = spec.commandLine().getOut();
    String scores = topic == null ? brokers.settings().sentimentsTopic() : topic;
    try (SentimentTail tail = SentimentTail.open(brokers, scores, fromBeginning)) {
      if (output == Output.table) {
        out.println(table.header());
      }
      // checkError also flushes, and ends 'valence tail | head' with its reader; what else it may
      // be, a full disk, the caller says.
      while (!out.checkError() && !isDone()) {
        for (ConsumerRecord<byte[], byte[]> sentiment : tail.poll()) {
          if (!isDone()) {
            show(sentiment, out);
          }
        }
      }
    }
    return 0;
  }

  private boolean isDone() {
    return max != null && shown >= max;
  }

  private void show(ConsumerRecord<byte[], byte[]> sentiment, PrintWriter out) {
    if (sentiment.value() == null) {
      showTombstone(sentiment, out);
      return;
    }
    try {
      ReviewSentiment read = reader.read(sentiment.value());
      out.println(
          output == Output.table
              ? table.row(read)
              : new String(json.write(read), StandardCharsets.UTF_8));
      shown++;
    } catch (SchemaRegistryUnavailableException e) {
      throw new CommandFailedException(e.getMessage(), e);
    } catch (UnreadableRecordException e) {
      spec.commandLine()
          .getErr()
          .printf(
              "%s-%d at offset %d is not a score: %s%n",
              sentiment.topic(), sentiment.partition(), sentiment.offset(), e.getMessage());
    }
  }

  /** JSON has no form for it: the fields of a score are all required. */
  private void showTombstone(ConsumerRecord<byte[], byte[]> tombstone, PrintWriter out) {
    if (output == Output.table) {
      byte[] key = tombstone.key() == null ? new byte[0] : tombstone.key();
      out.println(table.tombstone(new String(key, StandardCharsets.UTF_8)));
    }
  }
}
