package dev.valence.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What befalls the processors and their brokers, one after the other. */
final class FaultPlan {

  /** What can happen, in the words of the table. */
  enum Fault {
    KILL("processors killed (`kill -9`)", 1),
    STOP("processors stopped", 0.25),
    JOIN("processors added", 0.2),
    LEAVE("processors removed", 0.2),
    PAUSE("processors paused beyond the transaction time-out (`SIGSTOP`)", 0.17),
    FULL_DISK("processors killed while another one's disk was full", 0.1),
    BROKER_STOP("brokers stopped and started", 0.125),
    BROKER_KILL("brokers killed (`kill -9`) and started", 0.125),
    SWAP("models swapped in all processors", 4);

    private final String words;
    private final double perKill;

    Fault(String words, double perKill) {
      this.words = words;
      this.perKill = perKill;
    }

    String words() {
      return words;
    }
  }

  private FaultPlan() {}

  /**
   * Faults in random order, at least one of each kind.
   *
   * @param kills positive; how many processors to kill, to which the other faults are proportional
   */
  static List<Fault> of(int kills, Random random) {
    List<Fault> plan = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      int count = Math.max(1, (int) (kills * fault.perKill));
      plan.addAll(Collections.nCopies(count, fault));
    }
    Collections.shuffle(plan, random);
    return plan;
  }
}
