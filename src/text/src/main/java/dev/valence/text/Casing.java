package dev.valence.text;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What becomes of a token's capitals. */
public enum Casing {
  /** Tokens stay as they are. */
  @JsonProperty("keep")
  KEEP,

  /** Tokens are lower-cased, whatever the locale of the machine. */
  @JsonProperty("lower")
  LOWER;

  String apply(String token) {
    return this == LOWER ? token.toLowerCase(Locale.ROOT) : token;
  }
}
