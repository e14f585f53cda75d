package dev.valence.cli;

import dev.valence.stream.DeadLetter;
import dev.valence.stream.DeadLetter.Reason;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code valence replay}: dead letters back to where they came from. */
@Command(
    name = "replay",
    description = {
      "Sends dead letters back to the topic and partition that they came from, as they were, and"
          + " ends with those that are there now.",
      "Sending a letter and remembering that it was sent are one Kafka transaction: run again, also"
          + " after it was killed, it goes on behind the last letter it sent. Kafka remembers that for"
          + " offsets.retention.minutes (seven days) after a run; later, look with --dry-run first."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final String GROUP = "valence-replay";

  @Spec private CommandSpec spec;
  @Mixin private Brokers brokers;

  @Option(
      names = "--topic",
      paramLabel = "T",
      description =
          "Topic of dead letters. Default: what --stream-config says, else reviews-dead-letters.")
  private String topic;

  @Option(
      names = "--reason",
      paramLabel = "R",
      description = "Only letters that were ${COMPLETION-CANDIDATES}. Default: all.")
  private Reason reason;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "End after so many letters. Default: no end.")
  private Long max;

  @Option(
      names = "--dry-run",
      description = "Print what would be sent, a line a letter; send and remember nothing.")
  private boolean dryRun;

  @Option(
      names = "--group",
      paramLabel = "G",
      description =
          "Consumer group under which it remembers what it has seen. Default: "
              + GROUP
              + "-<topic>, and the reason if one is chosen: what one of these passed over, another"
              + " still finds, and what one sent, no other sends again.")
  private String group;

  @Override
  public Integer call() {
    BadUsage.requireAtLeast(1, spec, "--max", max);
    if (group != null && group.isBlank()) {
      throw BadUsage.of(spec, "--group", "it is blank");
    }
    brokers.requireAnswer();
    String letters = topic == null ? brokers.settings().deadLettersTopic() : topic;
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    DeadLetterReplay replay =
        new DeadLetterReplay(
            brokers,
            letters,
            group != null ? group : groupName(letters, reason),
            reason,
            cause -> otherGroup(letters, cause),
            max == null ? Long.MAX_VALUE : max);
    DeadLetterReplay.Count count =
        dryRun
            ? replay.preview(cause -> out.println(line(cause)), err::println)
            : replay.send(err::println);
    out.flush();
    err.printf(
        "%s %d dead letters of %s, passed over %d%n",
        dryRun ? "would send back" : "sent back", count.sent(), letters, count.passedOver());
    return count.strangers() == 0 ? 0 : 1;
  }

  /** Runs for all reasons and runs for one pass over what the others have sent. */
  private Optional<String> otherGroup(String letters, Reason cause) {
    return group != null
        ? Optional.empty()
        : Optional.of(groupName(letters, reason == null ? cause : null));
  }

  private static String groupName(String letters, Reason chosen) {
    return GROUP + "-" + letters + (chosen == null ? "" : "-" + name(chosen));
  }

  private static String line(DeadLetter.Cause cause) {
    return "%s-%d at offset %d: %s: %s"
        .formatted(
            cause.topic(),
            cause.partition(),
            cause.offset(),
            name(cause.reason()),
            cause.message().replaceAll("\\p{Cntrl}", "\ufffd"));
  }

  private static String name(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
