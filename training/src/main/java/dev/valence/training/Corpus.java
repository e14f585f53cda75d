package dev.valence.training;

import dev.valence.model.Score;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The reviews that a run reads, in a fixed order.
 *
 * @param documents labelled and unlabelled reviews together
 */
public record Corpus(List<Document> documents) {
  public Corpus {
    documents = List.copyOf(documents);
  }

  /** The reviews that somebody judged. */
  public Corpus labelled() {
    return filter(Document::labelled);
  }

  /**
   * The reviews that bear one of some labels.
   *
   * @throws TrainingException if there is none
   */
  Corpus labelled(List<String> labels) {
    Corpus judged = filter(document -> document.labelled() && labels.contains(document.label()));
    if (judged.documents().isEmpty()) {
      throw new TrainingException(
          "no labelled review is held out for validation. Add reviews, or raise --validation.");
    }
    return judged;
  }

  /** The reviews that nobody judged. */
  public Corpus unlabelled() {
    return filter(document -> !document.labelled());
  }

  /** The reviews that are not blank. */
  public Corpus worded() {
    return filter(document -> !document.text().isBlank());
  }

  /** The reviews, and behind each long one its two halves, which nobody judged. */
  public Corpus withHalves() {
    return new Corpus(
        documents.parallelStream()
            .flatMap(document -> Stream.concat(Stream.of(document), Halves.of(document).stream()))
            .toList());
  }

  /** This corpus and another behind it. */
  Corpus and(Corpus other) {
    return new Corpus(
        Stream.of(this, other).flatMap(corpus -> corpus.documents().stream()).toList());
  }

  /** The reviews whose ids do not occur in another. */
  Corpus without(Corpus other) {
    Set<String> ids = other.ids();
    return filter(document -> !ids.contains(document.id()));
  }

  Set<String> ids() {
    return documents.stream().map(Document::id).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * This corpus with so many of its labels, drawn at random; all other reviews count as unlabelled.
   *
   * @param count at least 1; a corpus that has no more labels stays as it is
   * @param seed the same seed draws the same
   */
  public Corpus withLabels(int count, long seed) {
    if (count < 1) {
      throw new TrainingException("the number of labels must be at least 1: " + count + ".");
    }
    List<Document> judged = new ArrayList<>(labelled().documents());
    Collections.shuffle(judged, new Random(seed));
    Set<Document> drawn = Collections.newSetFromMap(new IdentityHashMap<>());
    drawn.addAll(judged.subList(0, Math.min(count, judged.size())));
    return new Corpus(
        documents.stream()
            .map(document -> drawn.contains(document) ? document : document.unlabelled())
            .toList());
  }

  /**
   * The labels that occur, in alphabetical order, which is the order of the classifier's outputs.
   *
   * @throws TrainingException if a label occurs once only or stands for no label, or fewer than two
   *     labels occur
   */
  public List<String> labels() {
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (Document document : documents) {
      if (document.labelled()) {
        counts.merge(document.label(), 1, Integer::sum);
      }
    }
    if (counts.size() < 2) {
      throw new TrainingException(
          "a classifier needs at least two labels: found "
              + counts.keySet()
              + ". Check the label column of the corpus.");
    }
    if (counts.containsKey(Score.UNCERTAIN)) {
      throw new TrainingException(
          "the label '"
              + Score.UNCERTAIN
              + "' cannot be learned: it stands for no label in the scores. Rename it in the corpus,"
              + " or remove those reviews.");
    }
    counts.forEach(
        (label, count) -> {
          if (count == 1) {
            throw new TrainingException(
                "the label '"
                    + label
                    + "' occurs once among the reviews to learn, which is too little. Add reviews with it, or"
                    + " remove that one.");
          }
        });
    return List.copyOf(counts.keySet());
  }

  /**
   * The part of this corpus whose groups fall under {@code share}, by a hash of the group's name: a
   * group is never split, and the same group falls on the same side whatever else the corpus holds.
   * Reviews that were read without a group or an id go by their text: those of one text fall on one
   * side, the same in a file that was renamed, sorted or appended to.
   *
   * @param share the expected part of the groups in [0, 1]
   */
  public Corpus validation(double share) {
    return filter(document -> heldOut(document, share));
  }

  /** The reviews that {@link #validation(double)} leaves. */
  public Corpus training(double share) {
    return filter(document -> !heldOut(document, share));
  }

  /**
   * SHA-256 over ids, labels and texts in order, in hexadecimal: two corpora with one digest train
   * the same model.
   */
  public String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Document document : documents) {
        sha.update(
            (document.id() + '\0' + document.label() + '\0' + document.text() + '\0')
                .getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /**
   * @throws TrainingException if there is no review
   */
  void requireReviewsToJudge() {
    if (documents.isEmpty()) {
      throw new TrainingException(
          "there is no review to judge. Give a corpus with reviews that have no label, or, with"
              + " --held-out, with labelled ones that are held out.");
    }
    requireDistinctIds();
  }

  /**
   * @throws TrainingException if two reviews have the same id: soft labels could not tell them
   *     apart
   */
  void requireDistinctIds() {
    Set<String> ids = new HashSet<>();
    for (Document document : documents) {
      if (!ids.add(document.id())) {
        throw new TrainingException(
            "several reviews have the id '"
                + document.id()
                + "', and soft labels go by it. Give each its own, or leave the ids out.");
      }
    }
  }

  private Corpus filter(Predicate<Document> keep) {
    return new Corpus(documents.stream().filter(keep).toList());
  }

  private static boolean heldOut(Document document, double share) {
    CRC32 hash = new CRC32();
    hash.update(document.group().getBytes(StandardCharsets.UTF_8));
    return hash.getValue() < share * (1L << 32);
  }
}
