package dev.valence.stream.format;

/** The schema registry will not have the schema that records are to be written with. */
public final class SchemaRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Takes no cause, so that this line, and not the registry's, is the one that is shown. */
  SchemaRefusedException(String message) {
    super(message);
  }
}
