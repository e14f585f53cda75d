package dev.valence.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.model.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What models made of reviews, most often of such that nobody judged: a student learns from them as
 * if they were judgements (Hinton, Vinyals and Dean, "Distilling the knowledge in a neural
 * network", 2015).
 *
 * <p>A file has a JSON object a line with the review's {@code id} and its {@code probabilities} by
 * label, as {@code valence score} writes them.
 *
 * @param labels the order of the probabilities
 * @param byId probabilities {@code [labels]} of each review
 */
public record SoftLabels(List<String> labels, Map<String, float[]> byId) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double TOLERANCE = 1e-3;

  /** About what a float tells from nothing in {@code 1 - p}. */
  private static final double LEAST = 1e-6;

  public SoftLabels {
    labels = List.copyOf(labels);
    byId = new LinkedHashMap<>(byId);
  }

  /** For a run that learns from judgements alone. */
  public static SoftLabels none() {
    return new SoftLabels(List.of(), Map.of());
  }

  /**
   * Reads files of several teachers, and takes the geometric mean of what they say of a review.
   *
   * @param labels that the probabilities must be of
   * @throws TrainingException if a file cannot be read, a line is not such an object, the files are
   *     not of the same reviews, or the labels are others
   */
  public static SoftLabels read(List<Path> files, List<String> labels) {
    List<SoftLabels> teachers = files.stream().map(file -> read(file, labels)).toList();
    for (int i = 1; i < teachers.size(); i++) {
      if (!teachers.get(i).byId().keySet().equals(teachers.get(0).byId().keySet())) {
        throw new TrainingException(
            files.get(i)
                + " labels other reviews than "
                + files.get(0)
                + ". Label the same corpus with all teachers.");
      }
    }
    return mean(teachers);
  }

  /**
   * What several teachers say of the same reviews: their geometric mean (Hinton, "Training products
   * of experts by minimizing contrastive divergence", 2002), in which a teacher that is sure counts
   * for more than one that is not. A probability of nothing counts as a little, so that no teacher
   * overrules all others.
   *
   * @param teachers at least one, of the same labels and reviews
   */
  private static SoftLabels mean(List<SoftLabels> teachers) {
    Map<String, float[]> means = new LinkedHashMap<>();
    for (String id : teachers.get(0).byId().keySet()) {
      double[] products = new double[teachers.get(0).labels().size()];
      for (int label = 0; label < products.length; label++) {
        double logarithms = 0;
        for (SoftLabels teacher : teachers) {
          logarithms += Math.log(Math.max(LEAST, teacher.byId().get(id)[label]));
        }
        products[label] = Math.exp(logarithms / teachers.size());
      }
      double sum = DoubleStream.of(products).sum();
      float[] mean = new float[products.length];
      for (int label = 0; label < mean.length; label++) {
        mean[label] = (float) (products[label] / sum);
      }
      means.put(id, mean);
    }
    return new SoftLabels(teachers.get(0).labels(), means);
  }

  private static SoftLabels read(Path file, List<String> labels) {
    Map<String, float[]> byId = new LinkedHashMap<>();
    int number = 0;
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        number++;
        JsonNode object = MAPPER.readTree(line);
        float[] probabilities = probabilities(object.path("probabilities"), labels);
        if (byId.put(id(object), probabilities) != null) {
          throw new TrainingException("an earlier line has its id, " + id(object));
        }
      }
    } catch (JsonProcessingException | TrainingException e) {
      throw new TrainingException(
          file
              + ", line "
              + number
              + " is no soft label: "
              + e.getMessage().lines().findFirst().orElse("")
              + ". Write the file with `train label` or `score`.",
          e);
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (UncheckedIOException e) {
      throw unreadable(file, e.getCause());
    }
    return new SoftLabels(labels, byId);
  }

  private static TrainingException unreadable(Path file, IOException e) {
    String why = e instanceof MalformedInputException ? "it is not UTF-8" : Reason.of(e, file);
    return new TrainingException(
        "cannot read the soft labels " + file + ": " + why + ". Check the file.", e);
  }

  private static String id(JsonNode object) {
    JsonNode id = object.path("id");
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw new TrainingException("it has no id");
    }
    return id.asText();
  }

  private static float[] probabilities(JsonNode object, List<String> labels) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.size() != labels.size() || !names.containsAll(labels)) {
      throw new TrainingException("it has the labels " + names + " but the corpus has " + labels);
    }
    float[] probabilities = new float[labels.size()];
    double sum = 0;
    for (int label = 0; label < probabilities.length; label++) {
      JsonNode probability = object.path(labels.get(label));
      probabilities[label] = (float) probability.asDouble(Double.NaN);
      if (!(probabilities[label] >= 0)) {
        throw new TrainingException("a probability is " + probability);
      }
      sum += probabilities[label];
    }
    if (!(Math.abs(sum - 1) < TOLERANCE)) {
      throw new TrainingException("the probabilities sum to " + sum);
    }
    return probabilities;
  }

  /**
   * Writes what {@link #read} reads.
   *
   * @param file appears when it is whole, in the place of the one before
   * @throws TrainingException if the file cannot be written
   */
  public void write(Path file) {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      try {
        writeLines(partial);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new TrainingException(
          "cannot write the soft labels " + file + ": " + Reason.of(e) + ". Make room.", e);
    }
  }

  private void writeLines(Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      for (Map.Entry<String, float[]> review : byId.entrySet()) {
        ObjectNode object = MAPPER.createObjectNode().put("id", review.getKey());
        ObjectNode probabilities = object.putObject("probabilities");
        for (int label = 0; label < labels.size(); label++) {
          probabilities.put(labels.get(label), review.getValue()[label]);
        }
        out.write(MAPPER.writeValueAsString(object));
        out.write('\n');
      }
    }
  }

  /**
   * Probabilities of a review {@code [labels]}.
   *
   * @throws TrainingException if it has none
   */
  float[] of(String id) {
    float[] probabilities = byId.get(id);
    if (probabilities == null) {
      throw new TrainingException(
          "the review "
              + id
              + " has no soft label. Let the teachers judge the same reviews: `train label"
              + " --held-out` judges those held out.");
    }
    return probabilities;
  }

  /** Differs between soft labels that teach differently, whatever order they came in. */
  int fingerprint() {
    int sum = labels.hashCode();
    for (Map.Entry<String, float[]> review : byId.entrySet()) {
      sum += review.getKey().hashCode() * 31 + Arrays.hashCode(review.getValue());
    }
    return sum;
  }
}
