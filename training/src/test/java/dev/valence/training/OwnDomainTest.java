package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A language model of other texts, and few reviews of one's own. */
class OwnDomainTest {
  private static final Corpus KNOWN = Synthetic.reviews(200, 1);
  private static final Corpus OWN = lessons(Synthetic.reviews(100, 2));
  private static final Progress SILENT =
      new Progress(new PrintStream(new ByteArrayOutputStream()), false);

  @TempDir private Path folder;

  @Test
  void aLanguageModelKeepsItsWordsAndTakesInNewOnes() {
    Hyperparameters numbers =
        Synthetic.small(Preset.SEED.languageModel()).with(Map.of("cycle_len", "1"));
    LanguageModel start = LanguageModel.untrained(numbers, KNOWN);
    Hyperparameters still = numbers.with(Map.of("lr", "1e-9"));

    new LanguageModelTrainer(
            still, Synthetic.run(folder, 1, Duration.ofHours(1), SILENT, () -> false))
        .train(OWN, OWN, start);

    LanguageModel adapted = LanguageModel.read(folder);
    int known = start.pipeline().vocabulary().size();
    assertThat(adapted.pipeline().vocabulary().tokens())
        .startsWith(start.pipeline().vocabulary().tokens().toArray(String[]::new))
        .hasSize(known + 1)
        .endsWith("lesson");
    float[] before = start.parameters().byName().get(Parameters.EMBEDDING).values();
    float[] after = adapted.parameters().byName().get(Parameters.EMBEDDING).values();
    int width = numbers.emSz();
    for (int column = 0; column < width; column++) {
      double sum = 0;
      for (int word = 0; word < known; word++) {
        assertThat(after[word * width + column])
            .isCloseTo(before[word * width + column], within(1e-4f));
        sum += before[word * width + column];
      }
      assertThat((double) after[known * width + column]).isCloseTo(sum / known, within(1e-4));
    }
  }

  @Test
  void newWordsThatAreRareOrTooManyStayUnknown() {
    Hyperparameters numbers = Synthetic.small(Preset.SEED.languageModel());
    LanguageModel start = LanguageModel.untrained(numbers, KNOWN);

    assertThat(sizeAfter(start, numbers.with(Map.of("min_freq", "5000")))).isZero();
    assertThat(sizeAfter(start, numbers.with(Map.of("max_vocab", "10")))).isZero();
    assertThat(sizeAfter(start, numbers)).isEqualTo(1);
  }

  private static int sizeAfter(LanguageModel start, Hyperparameters numbers) {
    LanguageModelText text =
        LanguageModelText.extending(
            start.pipeline().vocabulary(),
            TokenisedCorpus.of(OWN, start.pipeline().rules()),
            numbers);
    return text.vocabulary().size() - start.pipeline().vocabulary().size();
  }

  @Test
  void knowsNoMoreLabelsThanItIsTold() {
    Corpus few = KNOWN.withLabels(30, 1);

    assertThat(few.documents())
        .hasSize(200)
        .extracting(Document::text)
        .containsExactlyElementsOf(KNOWN.documents().stream().map(Document::text).toList());
    assertThat(few.labelled().documents()).hasSize(30);
    assertThat(KNOWN.withLabels(30, 1)).isEqualTo(few);
    assertThat(KNOWN.withLabels(30, 2)).isNotEqualTo(few);
    assertThat(KNOWN.withLabels(5_000, 1)).isEqualTo(KNOWN);
    assertThatThrownBy(() -> KNOWN.withLabels(0, 1)).hasMessageContaining("at least 1: 0");
  }

  private static Corpus lessons(Corpus corpus) {
    List<Document> documents = new ArrayList<>();
    for (Document document : corpus.documents()) {
      documents.add(
          new Document(
              document.id(),
              document.text().replace("film", "lesson"),
              document.label(),
              document.group()));
    }
    return new Corpus(documents);
  }
}
