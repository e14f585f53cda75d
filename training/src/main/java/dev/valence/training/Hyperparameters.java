package dev.valence.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.text.ReadingOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All numbers of a training run, under the names of the AWD-LSTM paper and of fastai (in snake case
 * on the command line and in JSON).
 *
 * @param bs reviews, or columns of the language model's text, in a batch; of reviews that are
 *     longer than 400 tokens so many as have 400 each
 * @param bptt time steps between two updates of the language model; varied around this mean as the
 *     paper's section 5 says
 * @param minFreq how often a word must occur to get an id
 * @param maxVocab most words that get an id
 * @param emSz width of the embedding, which is the width of the last layer's state too, since the
 *     softmax is tied to it
 * @param nh width of the other layers' states
 * @param nl number of LSTM layers
 * @param dropouti dropout of the embedded input, one mask for all time steps
 * @param dropout dropout of the last layer's output (language model) or of the pooled features
 *     (classifier)
 * @param wdrop dropout of the hidden-to-hidden weights
 * @param dropoute dropout of whole words from the embedding
 * @param dropouth dropout between layers, one mask for all time steps
 * @param dropMult multiplies all five
 * @param alpha activation regularisation: weight of the mean square of the last layer's output,
 *     after its dropout in a language model
 * @param beta temporal activation regularisation: weight of the mean square of the output's change
 *     from step to step
 * @param clip most that the global norm of the gradient may be
 * @param lr learning rate of the last layer group at the peak of a cycle
 * @param lrDecay each layer group below learns this many times slower (ULMFiT's discriminative
 *     fine-tuning); 1 for none
 * @param beta1 Adam's decay of the mean
 * @param beta2 Adam's decay of the square
 * @param wds decoupled weight decay
 * @param schedule the shape of a cycle: {@code cosine}, {@code one_cycle} or {@code
 *     slanted_triangular}
 * @param warmup part of a cycle in which the learning rate rises linearly to {@code lr}
 * @param ratio of {@code lr} to the rate that a cycle starts from, in the two schedules that are
 *     triangles
 * @param cycles number of cycles; with none, and {@code frozen} 0, a run learns nothing, and judges
 *     what it starts from
 * @param cycleLen length of the first cycle in epochs; a fraction is a part of an epoch
 * @param cycleMult each cycle is this many times longer than the one before
 * @param ema part of a moving average of the classifier's weights that a step leaves, such as
 *     0.998; the average is what is judged, kept and exported. 0 keeps the weights themselves
 * @param products how the large matrix products of training are computed: {@code float32}, or
 *     {@code bfloat16} for speed
 * @param frozen epochs that train the classifier's head alone, before the cycles
 * @param frozenLr learning rate of those
 * @param unfreeze epochs after which the classifier lets one more layer group learn, from the last
 *     one down; 0 lets all learn as soon as the head has learned alone
 * @param candidates expected number of words that the sampled softmax scores beside a batch's own
 * @param labelSmoothing part of the right label's probability that all labels share
 * @param adversarial how far each review's words are moved, all together, to where the loss grows
 *     fastest, for the classifier to learn from the review a second time (Miyato, Dai and
 *     Goodfellow, "Adversarial training methods for semi-supervised text classification", ICLR
 *     2017, equation 3), in lengths of a word's vector. Their 5 is 0.3 of those; 0 for none. It
 *     doubles the time of a step
 * @param unlabelled reviews with soft labels that an epoch has for each judged one
 * @param headSize width of the classifier's hidden layer
 * @param maxTokens tokens that the classifier reads of a review in training; the middle of a longer
 *     one is left out
 * @param maxLen time steps at the end of a review that the classifier's gradient goes through; the
 *     steps before are read without, which costs a third of the time, and are pooled all the same.
 *     0 sends the gradient through all
 * @param backwards whether reviews are read from their last word to their first
 * @param seed of everything random
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Hyperparameters(
    int bs,
    int bptt,
    int minFreq,
    int maxVocab,
    int emSz,
    int nh,
    int nl,
    double dropouti,
    double dropout,
    double wdrop,
    double dropoute,
    double dropouth,
    double dropMult,
    double alpha,
    double beta,
    double clip,
    double lr,
    double lrDecay,
    double beta1,
    double beta2,
    double wds,
    Schedule schedule,
    double warmup,
    double ratio,
    int cycles,
    double cycleLen,
    double cycleMult,
    double ema,
    Products products,
    double frozen,
    double frozenLr,
    double unfreeze,
    int candidates,
    double labelSmoothing,
    double adversarial,
    double unlabelled,
    int headSize,
    int maxTokens,
    int maxLen,
    boolean backwards,
    long seed) {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  /**
   * What runs did before there was a number for it. Language models, classifiers and checkpoints of
   * that time do not name it.
   */
  private static final String BEFORE =
      """
      {"schedule": "cosine", "ratio": 32, "unfreeze": 0, "max_len": 0, "ema": 0,
       "products": "float32", "label_smoothing": 0, "adversarial": 0, "unlabelled": 0,
       "backwards": false}
      """;

  /**
   * These numbers with some replaced.
   *
   * @param replacements values by snake-case name
   * @throws TrainingException if a name is unknown, or a value is not of its type or out of range
   */
  public Hyperparameters with(Map<String, String> replacements) {
    ObjectNode tree = MAPPER.valueToTree(this);
    replacements.forEach(
        (name, value) -> {
          if (!tree.has(name)) {
            List<String> names = new ArrayList<>();
            tree.fieldNames().forEachRemaining(names::add);
            throw new TrainingException(
                "unknown hyper-parameter: "
                    + name
                    + ". Known are "
                    + String.join(", ", names)
                    + ".");
          }
          if (tree.get(name).isTextual()) {
            tree.put(name, value);
          } else {
            tree.set(name, scalar(name, value, tree.get(name).isBoolean()));
          }
        });
    return fromJson(tree.toString());
  }

  private static JsonNode scalar(String name, String value, boolean truth) {
    String wrong =
        "%s is not %s: '%s'. Give one."
            .formatted(name, truth ? "true or false" : "a number", value);
    try {
      JsonNode scalar = MAPPER.readTree(value);
      // What is missing or null would be read as 0 or false.
      if (scalar.isMissingNode() || scalar.isNull()) {
        throw new TrainingException(wrong);
      }
      return scalar;
    } catch (JsonProcessingException e) {
      throw new TrainingException(wrong, e);
    }
  }

  /**
   * These numbers for the layers and the reading order of another run, whose weights are to be
   * taken over.
   */
  public Hyperparameters withArchitecture(Hyperparameters other) {
    return with(
        Map.of(
            "em_sz", Integer.toString(other.emSz()),
            "nh", Integer.toString(other.nh()),
            "nl", Integer.toString(other.nl()),
            "backwards", Boolean.toString(other.backwards())));
  }

  /** From which end reviews are read. */
  ReadingOrder readingOrder() {
    return backwards ? ReadingOrder.BACKWARDS : ReadingOrder.FORWARDS;
  }

  /**
   * @param start whose weights these numbers go on from
   * @throws TrainingException if it reads reviews from the other end
   */
  void requireReadingOrderOf(Hyperparameters start) {
    if (backwards != start.backwards) {
      throw new TrainingException(
          "backwards is "
              + backwards
              + " but "
              + start.backwards
              + " of the model to start from. Leave it out, or start from another model.");
    }
  }

  /**
   * @param start whose layers these numbers go on from
   * @throws TrainingException if it has other layers or reads reviews from the other end
   */
  void requireArchitectureOf(Hyperparameters start) {
    requireReadingOrderOf(start);
    if (nl != start.nl || emSz != start.emSz || nh != start.nh) {
      throw new TrainingException(
          "em_sz, nh and nl are %d, %d and %d but %d, %d and %d of the model to start from. Leave them out."
              .formatted(emSz, nh, nl, start.emSz, start.nh, start.nl));
    }
  }

  /**
   * @param start whose head these numbers go on from
   * @throws TrainingException if it is of another width
   */
  void requireHeadOf(Hyperparameters start) {
    if (headSize != start.headSize) {
      throw new TrainingException(
          "head_size is %d but %d of the classifier to start from. Leave it out."
              .formatted(headSize, start.headSize));
    }
  }

  /**
   * @param start whose weights these numbers go on from, wider perhaps
   * @throws TrainingException if it has other layers, or one that is wider than here
   */
  void requireNoNarrowerThan(Hyperparameters start) {
    if (nl != start.nl || emSz < start.emSz || nh < start.nh) {
      throw new TrainingException(
          "em_sz, nh and nl are %d, %d and %d but %d, %d and %d of the model to start from. Leave them out, or make em_sz and nh larger."
              .formatted(emSz, nh, nl, start.emSz, start.nh, start.nl));
    }
  }

  /** The numbers as text, by snake-case name, in the order of this record. */
  Map<String, String> byName() {
    Map<String, String> byName = new LinkedHashMap<>();
    ObjectNode tree = MAPPER.valueToTree(this);
    tree.properties().forEach(number -> byName.put(number.getKey(), number.getValue().asText()));
    return byName;
  }

  /** These numbers as one JSON object with snake-case names. */
  public String toJson() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers always fit JSON", e);
    }
  }

  /**
   * Reads what {@link #toJson()} wrote, now or before a number was added.
   *
   * @throws TrainingException if the text is no such object
   */
  public static Hyperparameters fromJson(String json) {
    try {
      ObjectNode tree = (ObjectNode) MAPPER.readTree(BEFORE);
      tree.setAll(MAPPER.readValue(json, ObjectNode.class));
      return MAPPER.treeToValue(tree, Hyperparameters.class).checked();
    } catch (JsonProcessingException e) {
      throw new TrainingException(
          "not a set of hyper-parameters: " + e.getOriginalMessage() + ". Check names and values.",
          e);
    }
  }

  /** The widths of the layers, from the embedding up: {@code [emSz, nh, ..., nh, emSz]}. */
  int[] widths() {
    int[] widths = new int[nl + 1];
    Arrays.fill(widths, nh);
    widths[0] = emSz;
    widths[nl] = emSz;
    return widths;
  }

  private Hyperparameters checked() {
    requirePositive("bs", bs);
    requirePositive("bptt", bptt);
    requirePositive("min_freq", minFreq);
    if (maxVocab < 3) {
      throw new TrainingException(
          "max_vocab must be at least 3: " + maxVocab + ". Three words mean padding and the like.");
    }
    requirePositive("em_sz", emSz);
    requirePositive("nh", nh);
    requirePositive("nl", nl);
    requirePositive("lr", lr);
    requirePositive("lr_decay", lrDecay);
    requirePositive("clip", clip);
    requireNotNegative("cycles", cycles);
    requirePositive("cycle_len", cycleLen);
    requirePositive("cycle_mult", cycleMult);
    requireShare("dropouti", dropouti * dropMult);
    requireShare("dropout", dropout * dropMult);
    requireShare("wdrop", wdrop * dropMult);
    requireShare("dropoute", dropoute * dropMult);
    requireShare("dropouth", dropouth * dropMult);
    requireNotNegative("candidates", candidates);
    requireNotNegative("head_size", headSize);
    requireNotNegative("max_tokens", maxTokens);
    requireNotNegative("frozen", frozen);
    requireNotNegative("frozen_lr", frozenLr);
    requireNotNegative("alpha", alpha);
    requireNotNegative("beta", beta);
    requireNotNegative("wds", wds);
    requireNotNegative("unfreeze", unfreeze);
    requireNotNegative("max_len", maxLen);
    requireShare("beta1", beta1);
    requireShare("beta2", beta2);
    requireShare("warmup", warmup);
    requireShare("ema", ema);
    requireShare("label_smoothing", labelSmoothing);
    requireNotNegative("adversarial", adversarial);
    requireNotNegative("unlabelled", unlabelled);
    if (schedule == Schedule.ONE_CYCLE && warmup >= Schedule.ANNIHILATION) {
      throw new TrainingException(
          "warmup must be below "
              + Schedule.ANNIHILATION
              + " with schedule one_cycle: "
              + warmup
              + ". The last tenth is its last fall; 0.45 is usual.");
    }
    if (!(ratio >= 1)) {
      throw new TrainingException("ratio must be at least 1: " + ratio + ". 32 is usual.");
    }
    return this;
  }

  /** A language model has no head and reads without end; its zeros are of no use here. */
  void requireClassifier() {
    requirePositive("head_size", headSize);
    if (maxTokens < 2) {
      throw new TrainingException(
          "max_tokens must be at least 2: "
              + maxTokens
              + ". A half of them are the first of a review, the others the last.");
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0)) {
      throw new TrainingException(name + " must be above 0: " + value + ".");
    }
  }

  private static void requireNotNegative(String name, double value) {
    if (!(value >= 0)) {
      throw new TrainingException(name + " must not be negative: " + value + ".");
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new TrainingException(
          name + " must be at least 0 and below 1 (after drop_mult): " + value + ".");
    }
  }
}
