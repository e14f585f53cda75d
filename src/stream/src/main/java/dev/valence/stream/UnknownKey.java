package dev.valence.stream;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;

/**
 * A configuration key that nobody declared, and the declared one that was probably meant.
 *
 * @param key the unknown key
 * @param known the declared keys
 */
record UnknownKey(String key, Collection<String> known) {

  /** One line that names the key and the nearest known one. */
  String message() {
    return "unknown configuration key: " + key + ". Did you mean " + nearest() + "?";
  }

  private String nearest() {
    Stream<String> ofKafka =
        StreamsConfig.configDef().names().stream().map(KafkaSettings.PREFIX::concat);
    return Stream.concat(known.stream(), ofKafka)
        .min(
            Comparator.<String>comparingInt(this::distance)
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  /** Levenshtein's distance; a missing prefix costs one. */
  private int distance(String candidate) {
    String suffix = candidate.substring(candidate.indexOf('.') + 1);
    return Math.min(distance(key, candidate), 1 + distance(key, suffix));
  }

  private static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    Arrays.setAll(previous, column -> column);
    for (int row = 1; row <= from.length(); row++) {
      int[] current = new int[to.length() + 1];
      current[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replaced =
            previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
        current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
