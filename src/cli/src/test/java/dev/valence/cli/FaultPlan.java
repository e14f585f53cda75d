package dev.valence.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which faults befall the processors and their brokers, one after the other. */
final class FaultPlan {

  /** What can happen, in the words of the table. */
  enum Fault {
    KILL("processors killed (`kill -9`)", 1),
    STOP("processors stopped", 4),
    JOIN("processors added", 5),
    LEAVE("processors removed", 5),
    PAUSE("processors paused beyond the transaction time-out (`SIGSTOP`)", 6),
    FULL_DISK("processors killed while another one's disk was full", 10),
    BROKER_STOP("brokers stopped and started", 8),
    BROKER_KILL("brokers killed (`kill -9`) and started", 8);

    private final String words;
    private final int killsForOne;

    Fault(String words, int killsForOne) {
      this.words = words;
      this.killsForOne = killsForOne;
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
      int count = Math.max(1, kills / fault.killsForOne);
      plan.addAll(Collections.nCopies(count, fault));
    }
    Collections.shuffle(plan, random);
    return plan;
  }
}
