package dev.valence.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Standard output that remembers why it took no more, which a {@code PrintWriter} keeps back. */
final class StandardOutput extends FilterOutputStream {
  private static final Path ITSELF = Path.of("/proc/self/fd/1");

  private IOException failure;

  StandardOutput() {
    super(new FileOutputStream(FileDescriptor.out));
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /** Why it took no more, unless whoever reads it has left, as {@code head} does. */
  Optional<String> failure() {
    return failure == null || isRead() ? Optional.empty() : Optional.of(failure.getMessage());
  }

  /** Whether a program reads it. What an error says of that is in the user's language. */
  private static boolean isRead() {
    try {
      return !Files.readAttributes(ITSELF, BasicFileAttributes.class).isRegularFile()
          && !Files.readSymbolicLink(ITSELF).startsWith("/dev");
    } catch (IOException | UnsupportedOperationException e) {
      return true;
    }
  }
}
