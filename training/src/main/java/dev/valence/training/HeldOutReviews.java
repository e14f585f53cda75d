package dev.valence.training;

import dev.valence.text.ReadingOrder;
import dev.valence.text.TextPipeline;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The labelled reviews that a classifier is chosen by. */
final class HeldOutReviews {
  private final List<List<ReviewBatches.Encoded>> batches;
  private final Map<ReviewBatches.Encoded, Document> documents;

  private HeldOutReviews(
      List<List<ReviewBatches.Encoded>> batches, Map<ReviewBatches.Encoded, Document> documents) {
    this.batches = batches;
    this.documents = documents;
  }

  /**
   * Encodes the reviews that bear one of the labels.
   *
   * @param cut puts reviews into batches
   * @throws TrainingException if there is none
   */
  static HeldOutReviews of(
      Corpus corpus,
      TextPipeline pipeline,
      ReadingOrder order,
      List<String> labels,
      Function<List<ReviewBatches.Encoded>, ReviewBatches> cut) {
    List<Document> judged = corpus.labelled(labels).documents();
    List<ReviewBatches.Encoded> encoded =
        judged.parallelStream()
            .map(document -> ReviewBatches.Encoded.of(document, pipeline, order, labels))
            .toList();
    Map<ReviewBatches.Encoded, Document> documents = new IdentityHashMap<>();
    for (int i = 0; i < encoded.size(); i++) {
      documents.put(encoded.get(i), judged.get(i));
    }
    return new HeldOutReviews(cut.apply(encoded).inOrderOfLength(), documents);
  }

  int size() {
    return documents.size();
  }

  /**
   * What the held-out reviews cannot tell, in sentences.
   *
   * @param corpus they were taken from
   * @param labels that are learned
   */
  List<String> remarks(Corpus corpus, List<String> labels) {
    List<String> remarks = new ArrayList<>();
    List<String> held = documents.values().stream().map(Document::label).distinct().toList();
    for (String label : labels) {
      if (!held.contains(label)) {
        remarks.add(
            "no held-out review is labelled '"
                + label
                + "': how well it is judged stays unknown. Add reviews, or raise --validation.");
      }
    }
    int others = corpus.labelled().documents().size() - size();
    if (others > 0) {
      remarks.add(passedOver(others));
    }
    return remarks;
  }

  static String passedOver(int others) {
    return others + " held-out reviews have labels that none to learn has: they are passed over.";
  }

  /** Lets the classifier judge them all as it is now, and calibrates it on them. */
  Judgement judge(ClassifierGraph graph) {
    float[][] logits = new float[size()][];
    int[] truth = new int[size()];
    List<Document> order = new ArrayList<>(size());
    for (List<ReviewBatches.Encoded> batch : batches) {
      float[][] some = graph.logits(batch);
      for (int i = 0; i < some.length; i++) {
        logits[order.size()] = some[i];
        truth[order.size()] = batch.get(i).label();
        order.add(documents.get(batch.get(i)));
      }
    }
    double temperature = Calibration.temperature(logits, truth);
    float[][] probabilities = Calibration.probabilities(logits, temperature);
    return new Judgement(
        temperature, probabilities, truth, order, Evaluation.of(probabilities, truth));
  }
}
