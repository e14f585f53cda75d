package dev.valence.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process takes, native memory included. */
final class Memory {
  private static final int KIBIBYTES = 1024;

  private Memory() {}

  /** Resident memory, or null where the system does not tell. */
  static Long residentMebibytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES)
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }
}
