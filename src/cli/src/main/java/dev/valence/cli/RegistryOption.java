package dev.valence.cli;

import dev.valence.stream.format.RegistryConnection;
import dev.valence.stream.format.SchemaRegistry;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The schema registry that a command talks to, if it does. */
final class RegistryOption {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      description = "Where the schema registry of the format avro-registry is.")
  private String url;

  Optional<SchemaRegistry> registry() {
    return Optional.ofNullable(url)
        .map(address -> new SchemaRegistry(RegistryConnection.to(address), PATIENCE));
  }
}
