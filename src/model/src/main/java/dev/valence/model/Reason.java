package dev.valence.model;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Why a file could not be read or written, as part of a line for people. */
public final class Reason {

  private Reason() {}

  /**
   * What went wrong, and with which file, for example {@code No space left on device:
   * models/7/saved_model.pb}. The message of a {@link FileSystemException} is often its path alone.
   */
  public static String of(Exception e) {
    if (!(e instanceof FileSystemException failed)) {
      return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
    String what = failed.getReason();
    if (what == null) {
      what = failed.getClass().getSimpleName().replace("Exception", "");
    }
    return what + ": " + (failed.getOtherFile() == null ? failed.getFile() : failed.getOtherFile());
  }

  /** The same for a line that names the file already. */
  public static String of(Exception e, Path named) {
    String reason = of(e);
    String again = ": " + named;
    return reason.endsWith(again) ? reason.substring(0, reason.length() - again.length()) : reason;
  }
}
