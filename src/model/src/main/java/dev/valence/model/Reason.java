package dev.valence.model;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** Why a file could not be read or written, as part of a line for people. */
final class Reason {

  private Reason() {}

  /** For example {@code No space left on device: models/7/saved_model.pb}. */
  static String of(IOException e) {
    if (!(e instanceof FileSystemException failed)) {
      return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
    String what = failed.getReason();
    if (what == null) {
      what = failed.getClass().getSimpleName().replace("Exception", "");
    }
    return what + ": " + (failed.getOtherFile() == null ? failed.getFile() : failed.getOtherFile());
  }
}
