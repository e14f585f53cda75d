package dev.valence.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * What it was measured on, and when.
 *
 * @param processor as the system names it
 * @param cores that this process may use
 * @param system and its architecture
 * @param java version of the runtime
 * @param date of the measurement
 */
record Machine(String processor, int cores, String system, String java, String date) {

  static Machine here() {
    return new Machine(
        value("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.version"),
        LocalDate.now().toString());
  }

  /** Numbers of the first of those cores; empty where the system does not tell. */
  static List<Integer> cores(int count) {
    List<Integer> numbers = new ArrayList<>();
    for (String range : value("/proc/self/status", "Cpus_allowed_list").split(",")) {
      if (range.matches("\\d+(-\\d+)?")) {
        String[] ends = range.split("-");
        for (int core = Integer.parseInt(ends[0]);
            core <= Integer.parseInt(ends[ends.length - 1]);
            core++) {
          numbers.add(core);
        }
      }
    }
    return numbers.size() < count ? List.of() : numbers.subList(0, count);
  }

  private static String value(String file, String key) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
