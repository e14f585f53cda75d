package dev.valence.stream.format;

import com.fasterxml.jackson.core.JsonPointer;

/**
 * Where a JSON object has the parts of a review: a field's name, or a JSON Pointer (RFC 6901), such
 * as {@code /payload/body}, for a field further in.
 *
 * @param text field with the review
 * @param id field with its id
 * @param subject field with what it is about
 * @param writtenAt field with when it was written
 */
public record JsonFields(String text, String id, String subject, String writtenAt) {

  /** Where they are unless a configuration says otherwise. */
  public static final JsonFields DEFAULT = new JsonFields("text", "id", "subject", "writtenAt");

  /**
   * @throws IllegalArgumentException if one is empty or not a JSON Pointer
   */
  public JsonFields {
    pointer(text);
    pointer(id);
    pointer(subject);
    pointer(writtenAt);
  }

  /**
   * The pointer to a field.
   *
   * @param field a name, or a pointer with its leading slash
   * @throws IllegalArgumentException if it is empty or not a JSON Pointer
   */
  public static JsonPointer pointer(String field) {
    if (field.isEmpty()) {
      throw new IllegalArgumentException("must name a field");
    }
    return field.startsWith("/")
        ? JsonPointer.compile(field)
        : JsonPointer.empty().appendProperty(field);
  }
}
