package dev.valence.stream.control;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a fleet of processors was told to score with.
 *
 * @param version the version that serves, positive; null for the latest of the repository
 * @param candidate a version on trial; null if there is none
 * @param previous versions that served before, the last one first; at most {@link #REMEMBERED}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Assignment(Long version, Candidate candidate, List<Long> previous) {

  /** How far a fleet can be rolled back. */
  public static final int REMEMBERED = 10;

  /** What a fleet does that was told nothing: the latest version serves alone. */
  public static final Assignment LATEST = new Assignment(null, null, List.of());

  /** A newer command may write more than this one knows. */
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * @throws IllegalArgumentException if a version is not positive, or on trial and serving at once
   */
  public Assignment {
    previous = previous == null ? List.of() : List.copyOf(previous);
    previous.forEach(Assignment::requirePositive);
    if (version != null) {
      requirePositive(version);
      if (candidate != null && candidate.version() == version) {
        throw new IllegalArgumentException("version " + version + " serves already");
      }
    }
  }

  /**
   * Lets a version serve. What served before is remembered, and a trial of that version is over.
   * Where that was the latest, versions that were named earlier are forgotten, so that a rollback
   * goes back to the latest.
   *
   * @param next positive, or null for the latest of the repository
   */
  public Assignment activate(Long next) {
    Candidate left =
        candidate != null && next != null && candidate.version() == next ? null : candidate;
    return new Assignment(next, left, before(next));
  }

  private List<Long> before(Long next) {
    if (Objects.equals(version, next)) {
      return previous;
    }
    return version == null
        ? List.of()
        : Stream.concat(Stream.of(version), previous.stream()).limit(REMEMBERED).toList();
  }

  /**
   * Lets the version serve again that served before, which is the latest where none is remembered,
   * and ends a trial.
   *
   * @throws IllegalStateException if it is the latest already
   */
  public Assignment rollback() {
    if (version == null && previous.isEmpty()) {
      throw new IllegalStateException(
          "no version is known that served before; activate the one to go back to");
    }
    if (previous.isEmpty()) {
      return LATEST;
    }
    return new Assignment(previous.get(0), null, previous.subList(1, previous.size()));
  }

  /** Puts a version on trial, in place of any other. */
  public Assignment tryOut(Candidate next) {
    return new Assignment(version, next, previous);
  }

  /**
   * Lets the version on trial serve.
   *
   * @throws IllegalStateException if none is on trial
   */
  public Assignment promote() {
    requireCandidate();
    return activate(candidate.version());
  }

  /**
   * Ends the trial.
   *
   * @throws IllegalStateException if none is on trial
   */
  public Assignment withdraw() {
    requireCandidate();
    return new Assignment(version, null, previous);
  }

  /** As it stands on the control topic: a JSON object. */
  public byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an assignment is always writable", e);
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IOException if it is something else
   */
  public static Assignment fromJson(byte[] json) throws IOException {
    Assignment read = JSON.readValue(json, Assignment.class);
    if (read == null) {
      throw new IOException("null is not an assignment");
    }
    return read;
  }

  /** For people, such as {@code version 3 is to serve; before: 2, 1}. */
  @Override
  public String toString() {
    String serving =
        version == null ? "the latest version is to serve" : "version " + version + " is to serve";
    String trial = candidate == null ? "" : "; on trial: " + candidate;
    String before =
        previous.isEmpty()
            ? ""
            : "; before: " + previous.stream().map(String::valueOf).collect(joining(", "));
    return serving + trial + before;
  }

  private void requireCandidate() {
    if (candidate == null) {
      throw new IllegalStateException("no version is on trial");
    }
  }

  static void requirePositive(long version) {
    if (version < 1) {
      throw new IllegalArgumentException("a model version is a positive integer: " + version);
    }
  }
}
