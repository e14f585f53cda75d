package dev.valence.cli;

import dev.valence.stream.FormatKeys;
import dev.valence.stream.format.SchemaRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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

  /** What processors would be told. */
  Map<String, String> keys() {
    Map<String, String> keys = new HashMap<>();
    keys.put(FormatKeys.SCHEMA_REGISTRY_URL_CONFIG, url);
    keys.put(FormatKeys.SCHEMA_REGISTRY_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
    return keys;
  }
}
