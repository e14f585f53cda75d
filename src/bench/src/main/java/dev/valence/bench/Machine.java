package dev.valence.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What it was measured on, and when.
 *
 * @param processor as the system names it, and whether it lacks VNNI or hides its caches
 * @param cores that this process may use
 * @param system and its architecture
 * @param java version of the runtime
 * @param date of the measurement
 */
record Machine(String processor, int cores, String system, String java, String date) {
  private static final String PROCESSOR = "/proc/cpuinfo";
  private static final Set<String> VNNI = Set.of("avx_vnni", "avx512_vnni");
  private static final Path FIRST_CORE = Path.of("/sys/devices/system/cpu/cpu0");

  static Machine here() {
    return new Machine(
        value(PROCESSOR, "model name")
            + (hasVnni() ? "" : ", without VNNI")
            + (hidesCaches(FIRST_CORE) ? ", which hides its caches" : ""),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.version"),
        LocalDate.now().toString());
  }

  /** Whether the processor adds up products of eight-bit integers in 32 bits. */
  static boolean hasVnni() {
    return Arrays.stream(value(PROCESSOR, "flags").split(" ")).anyMatch(VNNI::contains);
  }

  /**
   * Whether the system knows a core but not its caches, as in a virtual machine whose CPUID leaves
   * them out. oneDNN then believes that nothing fits the first of them, and multiplies eight-bit
   * integers one row at a time ({@code brgemm_blocking} of 3.5, which is in TensorFlow 2.18).
   *
   * @param core directory of a core, as Linux has it in {@code /sys}
   */
  static boolean hidesCaches(Path core) {
    return Files.isDirectory(core) && !Files.exists(core.resolve("cache/index0"));
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
