package dev.valence.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class RunReportTest {
  private static final RunReport REPORT = new RunReport("Classifier", Map.of("lr", "0.003"));
  private static final JudgedReviews JUDGED =
      new JudgedReviews(
          List.of("bad <&> worse", "good"),
          List.of(
              new JudgedReview("a", "fine", 1, 1, 0.9, 0.9),
              new JudgedReview("b", "doubtful", 0, 1, 0.6, 0.4),
              new JudgedReview(
                  "c", "<script>alert('1')</script> \u0000 & \"so\"", 1, 0, 0.99, 0.01),
              new JudgedReview("d", "word ".repeat(1_000), 0, 1, 0.7, 0.3)));

  @TempDir private Path folder;

  @Test
  void needsNothingFromElsewhere() throws Exception {
    String html = write(classifierEpochs(3), JUDGED);

    assertThat(html).doesNotContain("<script", "http:", "https:", "src=", "url(", "<link");
    assertThat(html).contains("prefers-color-scheme: dark", "width=device-width");
  }

  @Test
  void showsTextAsItIs() throws Exception {
    Document page = parse(write(classifierEpochs(1), JUDGED));

    NodeList quotes = page.getElementsByTagName("blockquote");
    assertThat(quotes.item(0).getTextContent())
        .isEqualTo("<script>alert('1')</script> \uFFFD & \"so\"");
    assertThat(quotes.item(1).getTextContent()).hasSizeLessThan(1_300).contains(" […] ");
    assertThat(page.getElementsByTagName("article").item(1).getTextContent())
        .startsWith("bad <&> worse judged good (70.0 %)");
  }

  @Test
  void ranksTheMostWrongReviews() {
    assertThat(JUDGED.mostWrong(2)).extracting(JudgedReview::id).containsExactly("c", "d");
  }

  @Test
  void countsConfusionAndReliability() {
    assertThat(JUDGED.confusion()).isDeepEqualTo(new int[][] {{0, 2}, {1, 1}});
    assertThat(JUDGED.reliability(2)).containsExactly(new JudgedReviews.Bin(4, 0.7975, 0.25));
    assertThat(JUDGED.reliability(15))
        .extracting(JudgedReviews.Bin::count)
        .containsExactly(1, 1, 1, 1);
  }

  @Test
  void drawsEachEpochOfEachFigure() throws Exception {
    Document page = parse(write(classifierEpochs(4), null));

    assertThat(page.getElementsByTagName("p").item(0).getTextContent())
        .startsWith("After epoch 4 (400 steps): accuracy 95.00 % on validation.")
        .endsWith("95.00 % after epoch 4.");
    NodeList charts = page.getElementsByTagName("svg");
    assertThat(
            IntStream.range(0, charts.getLength())
                .mapToObj(i -> (Element) charts.item(i))
                .map(chart -> chart.getAttribute("aria-label")))
        .containsExactly(
            "Loss in nats",
            "Accuracy on validation reviews",
            "Learning rate in the middle of the epoch");
    assertThat(dots(charts, 0)).isEqualTo(8);
    assertThat(dots(charts, 1)).isEqualTo(4);
  }

  @Test
  void breaksLinesWhereTheReviewDoes() throws Exception {
    JudgedReviews judged =
        new JudgedReviews(
            List.of("bad", "good"),
            List.of(new JudgedReview("a", "Dull.<br /><BR>Very dull.", 0, 1, 0.9, 0.1)));

    Document page = parse(write(classifierEpochs(1), judged));

    assertThat(page.getElementsByTagName("blockquote").item(0).getTextContent())
        .isEqualTo("Dull.\n\nVery dull.");
  }

  @Test
  void tellsTheTicksOfAnAxisApart() throws Exception {
    List<EpochFigures> close =
        List.of(
            new EpochFigures(1, 10, 0.2606, 0.2621, null, 0.891, 0.001, 5_000, 90, null),
            new EpochFigures(2, 20, 0.2611, 0.2619, null, 0.892, 0.001, 5_000, 90, null));

    NodeList charts = parse(write(close, null)).getElementsByTagName("svg");

    NodeList texts = ((Element) charts.item(0)).getElementsByTagName("text");
    assertThat(IntStream.range(0, texts.getLength()).mapToObj(i -> texts.item(i).getTextContent()))
        .contains("0.2605", "0.2610", "0.2615")
        .doesNotHaveDuplicates();
  }

  @Test
  void leavesOutWhatIsNoNumber() throws Exception {
    EpochFigures resumedAtItsEnd =
        new EpochFigures(1, 10, Double.NaN, 4.2, 66.7, null, 0.003, 0, 0.1, null);

    Document page = parse(write(List.of(resumedAtItsEnd), null));

    assertThat(dots(page.getElementsByTagName("svg"), 0)).isEqualTo(1);
    assertThat(page.getElementsByTagName("p").item(0).getTextContent())
        .isEqualTo("After epoch 1 (10 steps): perplexity 66.70 on validation.");
  }

  private static int dots(NodeList charts, int chart) {
    return ((Element) charts.item(chart)).getElementsByTagName("circle").getLength();
  }

  private String write(List<EpochFigures> epochs, JudgedReviews judged) throws IOException {
    REPORT.write(folder, epochs, judged);
    return Files.readString(folder.resolve("report.html"));
  }

  /** The page is well-formed XML too, so that a missing end or escape shows here. */
  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<EpochFigures> classifierEpochs(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            epoch ->
                new EpochFigures(
                    epoch,
                    100L * epoch,
                    0.5 / epoch,
                    0.4 / epoch,
                    null,
                    1 - 0.2 / epoch,
                    0.003 / epoch,
                    5_000,
                    90,
                    null))
        .toList();
  }
}
