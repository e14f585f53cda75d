package dev.valence.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.valence.model.Reason;
import dev.valence.text.TextRules;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tokenised corpora in a folder, so that the next run on the same text need not tokenise it again.
 * A file goes by the digest of the reviews, of the rules, and of the code that cuts; one that is
 * damaged, or of something else, is made anew. What is wrong with the folder never stops a run.
 *
 * <p>A file is a line that names the format, the key it goes by, the tokens, and the SHA-256 of all
 * that. Files that no run has read for 30 days are removed.
 */
public final class TokenCache {
  private static final byte[] FORMAT = "valence tokens 1\n".getBytes(UTF_8);
  private static final String ENDING = ".tokens";
  private static final Duration KEPT = Duration.ofDays(30);
  private static final int DIGEST = 32;

  private final Path folder;
  private final Progress progress;

  /**
   * @param folder is made with the first corpus
   * @param progress is told what the folder saved, and why it could not be written
   */
  public TokenCache(Path folder, Progress progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /** The corpus's tokens, from the folder if they are there. */
  TokenisedCorpus tokens(Corpus corpus, TextRules rules) {
    byte[] key;
    try {
      key = key(corpus, rules);
    } catch (IOException e) {
      progress.line("the tokens are not looked for in " + folder + ": " + Reason.of(e, folder));
      return TokenisedCorpus.of(corpus, rules);
    }
    Path file = folder.resolve(HexFormat.of().formatHex(key) + ENDING);
    Optional<TokenisedCorpus> kept = read(file, key);
    if (kept.isPresent()) {
      progress.line("tokens from " + file);
      return kept.get();
    }
    TokenisedCorpus tokenised = TokenisedCorpus.of(corpus, rules);
    write(file, key, tokenised);
    return tokenised;
  }

  /** Another build may cut otherwise: its code and rules are part of the key. */
  private static byte[] key(Corpus corpus, TextRules rules) throws IOException {
    MessageDigest sha = sha256();
    sha.update(FORMAT);
    sha.update((corpus.digest() + '\n' + rules + '\n').getBytes(UTF_8));
    try (Stream<Path> files = Files.walk(codeOf(TextRules.class))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        sha.update(Files.readAllBytes(file));
      }
    }
    return sha.digest();
  }

  /** A jar, or a folder of classes. */
  private static Path codeOf(Class<?> type) throws IOException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static Optional<TokenisedCorpus> read(Path file, byte[] key) {
    try {
      if (!Files.exists(file) || Files.size(file) > Integer.MAX_VALUE / 2) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      int end = bytes.length - DIGEST;
      int start = FORMAT.length + DIGEST;
      MessageDigest sha = sha256();
      sha.update(bytes, 0, Math.max(0, end));
      if (end < start
          || !Arrays.equals(sha.digest(), Arrays.copyOfRange(bytes, end, bytes.length))
          || !Arrays.equals(FORMAT, Arrays.copyOf(bytes, FORMAT.length))
          || !Arrays.equals(key, Arrays.copyOfRange(bytes, FORMAT.length, start))) {
        return Optional.empty();
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(TokenisedCorpus.read(ByteBuffer.wrap(bytes, start, end - start)));
    } catch (IOException e) {
      return Optional.empty(); // Writing it anew says what is wrong.
    }
  }

  private void write(Path file, byte[] key, TokenisedCorpus tokenised) {
    try {
      Files.createDirectories(folder);
      removeOld();
      Path partial = Files.createTempFile(folder, ".partial-", ENDING);
      try {
        write(
            partial,
            out -> {
              out.write(FORMAT);
              out.write(key);
              tokenised.write(out);
            });
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      progress.line(
          "the tokens cannot be kept in " + folder + ": " + Reason.of(e) + ". The run goes on.");
    }
  }

  @FunctionalInterface
  private interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  /** Writes the content and its digest. */
  private static void write(Path file, Content content) throws IOException {
    MessageDigest sha = sha256();
    try (OutputStream out = Files.newOutputStream(file)) {
      DataOutputStream digested =
          new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(out, sha)));
      content.write(digested);
      digested.flush();
      out.write(sha.digest());
    }
  }

  private void removeOld() throws IOException {
    Instant oldest = Instant.now().minus(KEPT);
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(file -> file.toString().endsWith(ENDING)).toList();
    }
    for (Path file : files) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
