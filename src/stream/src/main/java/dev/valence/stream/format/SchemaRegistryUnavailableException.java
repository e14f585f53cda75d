package dev.valence.stream.format;

/**
 * The schema registry did not answer for as long as was waited. It says nothing about a record: the
 * same record can be read or written when the registry is back.
 */
public final class SchemaRegistryUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SchemaRegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
