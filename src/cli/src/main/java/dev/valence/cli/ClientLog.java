package dev.valence.cli;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * The log of Kafka's clients. As long as a command itself waits for a broker, and says so when none
 * comes, they need not warn about every try. A log level that the user chose stays.
 */
final class ClientLog {
  /** Names the level of all loggers; see {@code log4j2.xml}. */
  static final String LOG_LEVEL_VARIABLE = "VALENCE_LOG_LEVEL";

  private static final String CLIENTS = "org.apache.kafka.clients";

  /** For as long as the command says itself whatever goes wrong. */
  void silence() {
    set(Level.OFF);
  }

  void mute() {
    set(Level.ERROR);
  }

  void unmute() {
    set(Level.WARN);
  }

  private static void set(Level level) {
    if (System.getenv(LOG_LEVEL_VARIABLE) == null) {
      Configurator.setLevel(CLIENTS, level);
    }
  }
}
