package dev.valence.cli;

import dev.valence.cli.FaultPlan.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What happened and what it did, as a Markdown table with a column a run. */
final class FaultTable {

  /**
   * One run.
   *
   * @param guarantee as Kafka Streams calls it
   * @param faults how often each happened
   * @param ended processors that ended without being told to
   * @param delivery what became of the reviews
   * @param deadLetters how many there were
   * @param aborted scores that were written and never committed
   * @param seconds how long it took
   */
  record Run(
      String guarantee,
      Map<Fault, Integer> faults,
      int ended,
      Delivery delivery,
      long deadLetters,
      long aborted,
      long seconds) {

    Run {
      faults = new EnumMap<>(faults);
    }
  }

  private FaultTable() {}

  static String markdown(List<Run> runs) {
    List<String> lines = new ArrayList<>();
    lines.add(row("", runs.stream().map(run -> "`" + run.guarantee() + "`").toList()));
    lines.add("|---|" + "---:|".repeat(runs.size()));
    for (Fault fault : Fault.values()) {
      lines.add(
          row(
              fault.words(),
              runs.stream().map(run -> run.faults().getOrDefault(fault, 0)).toList()));
    }
    lines.add(row("processors that ended by themselves", runs.stream().map(Run::ended).toList()));
    lines.add(row("reviews", runs.stream().map(run -> run.delivery().reviews()).toList()));
    lines.add(row("scores written but never committed", runs.stream().map(Run::aborted).toList()));
    lines.add(row("reviews lost", runs.stream().map(run -> run.delivery().lost()).toList()));
    lines.add(row("scores repeated", runs.stream().map(run -> run.delivery().repeated()).toList()));
    lines.add(
        row("scores out of order", runs.stream().map(run -> run.delivery().outOfOrder()).toList()));
    lines.add(row("wrong scores", runs.stream().map(run -> run.delivery().wrong()).toList()));
    lines.add(row("dead letters", runs.stream().map(Run::deadLetters).toList()));
    lines.add(row("seconds", runs.stream().map(Run::seconds).toList()));
    return String.join("\n", lines) + "\n";
  }

  private static String row(String name, List<?> cells) {
    StringBuilder line = new StringBuilder("| ").append(name).append(" |");
    cells.forEach(cell -> line.append(' ').append(cell).append(" |"));
    return line.toString();
  }
}
