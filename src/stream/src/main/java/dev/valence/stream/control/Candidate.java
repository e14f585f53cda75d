package dev.valence.stream.control;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A version on trial beside the one that serves.
 *
 * @param version positive
 * @param percent of the keys that it answers, from 1 to 99: a canary. Null for a shadow, which
 *     scores copies and answers nothing.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Candidate(long version, Integer percent) {

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Candidate {
    Assignment.requirePositive(version);
    if (percent != null && (percent < 1 || percent > 99)) {
      throw new IllegalArgumentException(
          "a canary gets from 1 to 99 percent of the keys: " + percent);
    }
  }

  /** A version that scores copies of what is scored, and answers nothing. */
  public static Candidate shadow(long version) {
    return new Candidate(version, null);
  }

  /** A version that answers a share of the keys. */
  public static Candidate canary(long version, int percent) {
    return new Candidate(version, percent);
  }

  /** Whether it scores copies only. */
  @JsonIgnore
  public boolean isShadow() {
    return percent == null;
  }

  /** For people, such as {@code 4 as a canary on 10 % of the keys}. */
  @Override
  public String toString() {
    return version
        + (isShadow() ? " in the shadow" : " as a canary on " + percent + " % of the keys");
  }
}
