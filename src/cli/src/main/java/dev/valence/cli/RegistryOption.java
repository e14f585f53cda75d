package dev.valence.cli;

import dev.valence.stream.FormatKeys;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.format.SchemaRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The schema registry that a command talks to, if it does. */
final class RegistryOption {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      description =
          "Where the schema registry of the format avro-registry is. Default: what --stream-config"
              + " says.")
  private String url;

  /** The registry, which is signed in to as the processors do; empty if none is named. */
  Optional<SchemaRegistry> registry(Brokers brokers) {
    return brokers.settings(keys()).registry();
  }

  /**
   * Looks whether a command can write records in a format.
   *
   * @param names of the formats that there are
   * @throws BadUsage if it is none of them, or the registry that it needs is not named
   */
  void requireFormat(CommandSpec spec, String format, List<String> names, Brokers brokers) {
    if (!names.contains(format)) {
      throw BadUsage.of(spec, "--format", "'%s' is none of %s".formatted(format, names));
    }
    if (format.equals(RecordFormat.REGISTERED) && registry(brokers).isEmpty()) {
      throw new BadUsage(spec, "--format " + format + " needs --schema-registry");
    }
  }

  /** What processors would be told. */
  Map<String, String> keys() {
    Map<String, String> keys = new HashMap<>();
    keys.put(FormatKeys.SCHEMA_REGISTRY_URL_CONFIG, url);
    keys.put(FormatKeys.SCHEMA_REGISTRY_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
    return keys;
  }
}
