package dev.valence.stream.format;

/** Says in one line why bytes are not a record of the format. */
public final class UnreadableRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one line: what is wrong with the bytes
   */
  public UnreadableRecordException(String message) {
    super(oneLine(message));
  }

  /**
   * @param message one line: what is wrong with the bytes
   * @param cause what the library below reported
   */
  public UnreadableRecordException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** In linear time: a record may quote itself here, and be all blanks. */
  private static String oneLine(String message) {
    return message.strip().replaceAll("\\R\\s*+", " ");
  }
}
