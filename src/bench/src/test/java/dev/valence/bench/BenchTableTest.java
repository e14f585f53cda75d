package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BenchTableTest {

  private static final Machine MACHINE =
      new Machine("A processor", 2, "Linux amd64", "17", "2026-01-02");

  private final Map<Contender, Figures> figures = new TreeMap<>();

  @Test
  void takesTheMedianOfTheRoundsAndLeavesPaddingOut() {
    Figures row = scored(Contender.D_FP32, 100, 4.0, 1.0, 2.0);

    assertThat(row.reviewsPerSecond()).isEqualTo(50);
    assertThat(row.tokensPerSecond()).isEqualTo(5_000);
    assertThat(row.flopPerSecond()).isEqualTo(50_000);
    assertThat(row.paddingRatio()).isCloseTo(0.2, within(1e-9));
    assertThat(row.p50Millis()).isEqualTo(2);
    assertThat(row.p99Millis()).isEqualTo(3);
  }

  @Test
  void comparesTokensOrElseFlop() {
    figures.put(Contender.A, peak(100_000));
    figures.put(Contender.D_FP32, scored(Contender.D_FP32, 100, 2.0));
    figures.put(Contender.D_INT8, scored(Contender.D_INT8, 100, 0.5));

    Ratios ratios = new Ratios(List.of(figures));

    assertThat(ratios.values())
        .containsExactly(entry("d_fp32/a", 0.5), entry("d_int8/d_fp32", 4.0));
    assertThat(ratios.toNeighbour(Contender.D_INT8)).isEqualTo(4);
    assertThat(ratios.toNeighbour(Contender.D_FP32)).isNull();
    assertThat(Ratios.goals()).contains(entry("d_fp32/a", 0.75));
  }

  @Test
  void comparesWithinARoundAndShowsTheOneInTheMiddle() {
    List<Map<Contender, Figures>> rounds =
        List.of(compared(100, 200), compared(50, 125), compared(200, 600));

    BenchTable table = new BenchTable(MACHINE, "m", "r", 1, rounds);

    assertThat(new Ratios(rounds).values()).containsExactly(entry("d_int8/d_fp32", 2.5));
    assertThat(new Ratios(rounds).toNeighbour(Contender.D_INT8)).isEqualTo(2.5);
    assertThat(table.markdown())
        .contains("| fp32 | 100.0 | 10,000 |")
        .contains("| int8 | 200.0 | 20,000 |")
        .contains("| d_int8/d_fp32 | 2.50 | 2.00, 2.50, 3.00 | 2.20 |");
  }

  @Test
  void hasAKeyForEachLetterAndTheRatios() {
    for (Contender contender : Contender.values()) {
      figures.put(contender, contender == Contender.A ? peak(1) : scored(contender, 100, 2.0));
    }

    JsonNode json = new ObjectMapper().valueToTree(table().json());

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "machine", "model", "reviews", "threads", "rounds", "a", "b", "c", "d", "e", "f", "g",
            "ratios", "goals");
    assertThat(json.at("/g").fieldNames())
        .toIterable()
        .containsExactly(
            "pytorch_fp32_64",
            "onnxruntime_fp32_64",
            "onnxruntime_int8_64",
            "pytorch_fp32_1",
            "onnxruntime_fp32_1",
            "onnxruntime_int8_1");
    assertThat(json.at("/ratios")).hasSize(12);
    assertThat(json.at("/a/fp32").has("tokensPerSecond")).isFalse();
  }

  @Test
  void tellsPeopleWhereItWasMeasured() {
    figures.put(Contender.D_FP32, scored(Contender.D_FP32, 1_234, 1.0));

    assertThat(table().markdown())
        .startsWith("A processor, 1 of 2 cores, Linux amd64, Java 17, 2026-01-02. Model m; r.")
        .contains(
            "| d | Valence, planned batches in chunks | fp32 | 1,234.0 | 123,400 | 0 | 20.0 % | 7 | 2.0"
                + " | 3.0 |  |");
  }

  private BenchTable table() {
    return new BenchTable(MACHINE, "m", "r", 1, List.of(figures));
  }

  private static Map<Contender, Figures> compared(int floats, int eightBits) {
    return Map.of(
        Contender.D_FP32, scored(Contender.D_FP32, floats, 1.0),
        Contender.D_INT8, scored(Contender.D_INT8, eightBits, 1.0));
  }

  private static Figures peak(double flop) {
    return Figures.of(
        Contender.A, new Measurement(0, 0, 0, List.of(), flop, null, null, null, 7L), 10, null);
  }

  /** Reviews of 100 tokens and 25 of padding, 10 FLOP a token. */
  private static Figures scored(Contender contender, int reviews, Double... seconds) {
    CallTimes calls = CallTimes.of(List.of(1e6, 3e6, 2e6));
    Measurement measured =
        new Measurement(
            reviews, 100L * reviews, 125L * reviews, List.of(seconds), null, calls, null, null, 7L);
    return Figures.of(contender, measured, 10, null);
  }
}
