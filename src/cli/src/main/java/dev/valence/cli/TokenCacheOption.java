package dev.valence.cli;

import dev.valence.training.Progress;
import dev.valence.training.TokenCache;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where tokenised corpora are kept between runs. */
final class TokenCacheOption {
  @Option(
      names = "--token-cache",
      paramLabel = "DIR",
      description =
          "Folder that keeps tokenised text for the next run (default: valence/tokens in"
              + " XDG_CACHE_HOME or ~/.cache).")
  private Path folder;

  TokenCache cache(Progress progress) {
    return new TokenCache(folder != null ? folder : home().resolve("valence/tokens"), progress);
  }

  /** The XDG Base Directory Specification: a relative path counts as none. */
  private static Path home() {
    String given = System.getenv("XDG_CACHE_HOME");
    return given != null && Path.of(given).isAbsolute()
        ? Path.of(given)
        : Path.of(System.getProperty("user.home"), ".cache");
  }
}
