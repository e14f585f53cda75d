package dev.valence.stream;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs on the PATH, which a test may need and a machine may lack. */
final class InstalledPrograms {

  private InstalledPrograms() {}

  /** The first of these names that there is a program of. */
  static Optional<Path> find(String... names) {
    return Stream.of(names)
        .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(in -> Path.of(in, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
