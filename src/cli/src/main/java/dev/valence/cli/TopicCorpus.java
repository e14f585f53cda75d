package dev.valence.cli;

import dev.valence.schema.Review;
import dev.valence.schema.ReviewLabel;
import dev.valence.stream.format.RecordFormat;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SchemaRegistryUnavailableException;
import dev.valence.stream.format.UnreadableRecordException;
import dev.valence.training.Corpus;
import dev.valence.training.Document;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Joins the reviews on one topic with the corrections on another into a corpus. Of an id that comes
 * more than once the last review counts, and the last label; a tombstone takes either back. What
 * cannot be read is named, counted and left out.
 */
final class TopicCorpus {
  private static final int IDS_SHOWN = 5;

  /** Which reviews, and what of them. */
  enum Use {
    /** The texts alone. */
    TEXTS,
    /** All reviews, with their labels where they have one. */
    ALL,
    /** The reviews that have a label, so that the others take no memory. */
    LABELLED
  }

  /**
   * @param ranges what was read, the reviews' topic first
   * @param counts of what was found, by name
   */
  record Read(Corpus corpus, List<TopicContents.Range> ranges, Map<String, Long> counts) {}

  private final ReviewFormat reviewFormat;
  private final RecordFormat<ReviewLabel> labelFormat;
  private final boolean bySubject;
  private final Consumer<String> remarks;
  private final Problems unreadable;

  private final LatestById<Document> reviews = new LatestById<>();
  private final LatestById<String> labels = new LatestById<>();
  private long reviewRecords;
  private long labelRecords;
  private long unlabelled;

  /**
   * @param bySubject whether the reviews of one subject are a group; otherwise each is its own
   * @param remarks takes a line for whatever a person should know
   */
  TopicCorpus(
      ReviewFormat reviewFormat,
      RecordFormat<ReviewLabel> labelFormat,
      boolean bySubject,
      Consumer<String> remarks) {
    this.reviewFormat = reviewFormat;
    this.labelFormat = labelFormat;
    this.bySubject = bySubject;
    this.remarks = remarks;
    this.unreadable = new Problems(remarks);
  }

  /**
   * Reads both to where they ended at the start. For one call.
   *
   * @param labelled the topic of corrections; null to read none
   * @throws CommandFailedException if Kafka or a schema registry does not answer, or there is no
   *     review to use
   */
  Read read(TopicContents reviewed, TopicContents labelled, Use use) {
    if (labelled != null) {
      labelled.forEach(this::readLabel);
    }
    reviewed.forEach(record -> readReview(record, use));
    String topic = reviewed.ranges().get(0).topic();
    List<Document> documents = new ArrayList<>();
    for (String id : reviews.ids()) {
      Document review = reviews.get(id);
      documents.add(new Document(id, review.text(), labels.get(id), review.group()));
    }
    List<String> strangers =
        labels.ids().stream().filter(id -> reviews.get(id) == null).sorted().toList();
    long judged = documents.stream().filter(Document::labelled).count();
    remarks.accept(
        String.format(
            Locale.ROOT,
            "%,d reviews on the topic %s%s",
            reviewRecords,
            topic,
            labelled == null
                ? ""
                : String.format(
                    Locale.ROOT,
                    ", %,d corrections on %s: %,d reviews have a label",
                    labelRecords,
                    labelled.ranges().get(0).topic(),
                    judged)));
    if (unreadable.count() > 0) {
      remarks.accept(
          String.format(
              Locale.ROOT, "%,d records cannot be read and are left out", unreadable.count()));
    }
    if (!strangers.isEmpty()) {
      remarks.accept(
          String.format(
              Locale.ROOT,
              "%,d corrections are of reviews that are not on the topic %s: %s%s",
              strangers.size(),
              topic,
              String.join(", ", strangers.subList(0, Math.min(IDS_SHOWN, strangers.size()))),
              strangers.size() > IDS_SHOWN ? ", ..." : ""));
    }
    requireSome(documents, topic, labelled);
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("reviewRecords", reviewRecords);
    counts.put("labelRecords", labelRecords);
    counts.put("unreadableRecords", unreadable.count());
    counts.put("labelsWithoutReview", (long) strangers.size());
    counts.put("labelledReviews", judged);
    counts.put("unlabelledReviews", use == Use.LABELLED ? unlabelled : documents.size() - judged);
    return new Read(
        new Corpus(documents),
        Stream.of(reviewed, labelled)
            .filter(contents -> contents != null)
            .flatMap(contents -> contents.ranges().stream())
            .toList(),
        counts);
  }

  private void requireSome(List<Document> documents, String topic, TopicContents labelled) {
    if (!documents.isEmpty()) {
      return;
    }
    if (reviewRecords == 0) {
      throw new CommandFailedException(
          "the topic %s holds no review%s. Put some there with 'valence produce'."
              .formatted(
                  topic,
                  unreadable.count() == 0 ? "" : " that can be read (is --format the right one?)"));
    }
    throw new CommandFailedException(
        "no review on the topic %s has a label on %s. Put some there with 'valence correct'."
            .formatted(topic, labelled == null ? "any topic" : labelled.ranges().get(0).topic()));
  }

  private void readLabel(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      ReviewFormat.keyText(record.key()).ifPresent(id -> labels.put(id, record, null));
      return;
    }
    try {
      ReviewLabel label = labelFormat.read(record.value());
      if (label.getLabel().isBlank()) {
        throw new UnreadableRecordException("its label is blank");
      }
      labelRecords++;
      labels.put(label.getId(), record, label.getLabel().strip());
    } catch (UnreadableRecordException e) {
      leaveOut(record, "correction", e);
    } catch (SchemaRegistryUnavailableException e) {
      throw new CommandFailedException(e.getMessage(), e);
    }
  }

  private void readReview(ConsumerRecord<byte[], byte[]> record, Use use) {
    if (record.value() == null) {
      ReviewFormat.keyText(record.key()).ifPresent(id -> reviews.put(id, record, null));
      return;
    }
    try {
      Review review = reviewFormat.read(record.key(), record.value(), () -> place(record, "-"));
      reviewRecords++;
      String id = review.getId();
      if (use == Use.LABELLED && labels.get(id) == null) {
        unlabelled++;
        return;
      }
      String subject = review.getSubject();
      String group = bySubject && subject != null && !subject.isBlank() ? subject : id;
      reviews.put(id, record, new Document(id, review.getText(), null, group));
    } catch (UnreadableRecordException e) {
      leaveOut(record, "review", e);
    } catch (SchemaRegistryUnavailableException e) {
      throw new CommandFailedException(e.getMessage(), e);
    }
  }

  private void leaveOut(
      ConsumerRecord<byte[], byte[]> record, String kind, UnreadableRecordException e) {
    unreadable.add(
        "%s is not a %s: %s".formatted(place(record, " at offset "), kind, e.getMessage()));
  }

  private static String place(ConsumerRecord<byte[], byte[]> record, String before) {
    return record.topic() + "-" + record.partition() + before + record.offset();
  }
}
