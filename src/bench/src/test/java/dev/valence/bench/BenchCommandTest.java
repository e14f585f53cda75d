package dev.valence.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void measuresWithAndWithoutKafkaAndWritesTheTable() throws Exception {
    Path model = folder.resolve("model");
    RandomModel.write(model);
    Path table = folder.resolve("table.md");

    int code =
        run(
            "bench",
            "--model=" + model,
            "--reviews=16",
            "--rounds=1",
            "--threads=1",
            "--only=d,e",
            "--out=" + table,
            "--json");

    assertThat(err.toString())
        .contains("measuring e (Valence, Kafka to Kafka, int8), round 1 of 1 ...");
    assertThat(code).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/machine/processor").asText()).isNotEmpty();
    assertThat(json.at("/model").asText()).isEqualTo("random version 1");
    assertThat(json.at("/reviews").asText()).startsWith("16 reviews made up");
    for (String letter : new String[] {"d", "e"}) {
      for (String precision : new String[] {"fp32", "int8"}) {
        JsonNode figures = json.at("/" + letter + "/" + precision);
        assertThat(figures.get("reviews").asInt()).isEqualTo(16);
        assertThat(figures.get("reviewsPerSecond").asDouble()).isPositive();
        assertThat(figures.get("tokensPerSecond").asDouble()).isPositive();
        assertThat(figures.get("flopPerSecond").asDouble()).isPositive();
        assertThat(figures.get("paddingRatio").asDouble()).isBetween(0.0, 0.99);
        assertThat(figures.get("residentMebibytes").asLong()).isPositive();
      }
      assertThat(json.at("/ratios").has("e_int8/d_int8")).isTrue();
    }
    assertThat(json.at("/d/int8/largestDifference").asDouble()).isBetween(1e-9, 0.05);
    assertThat(json.at("/e/fp32/timeShares/model").asDouble()).isPositive();
    assertThat(Files.readString(table)).contains("| e | Valence, Kafka to Kafka | int8 |");
  }

  @Test
  void refusesWhatItCannotMeasure() {
    assertThat(run("bench", "--only=d,h")).isEqualTo(2);
    assertThat(err.toString())
        .contains("Invalid value for option '--only': h is not one of a to g.");

    assertThat(run("bench", "--held-out")).isEqualTo(2);
    assertThat(err.toString()).contains("--held-out is of the reviews of --data: name them.");

    assertThat(run("bench", "--data=" + folder.resolve("none.csv"))).isEqualTo(1);
    assertThat(err.toString()).contains("valence bench: no corpus at ");
  }

  @Test
  void belongsToTheOtherCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("bench", "score");

    assertThat(run("bench", "--help")).isZero();
    assertThat(out.toString()).contains("Usage: valence bench");
  }

  private int run(String... arguments) {
    return Bench.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
