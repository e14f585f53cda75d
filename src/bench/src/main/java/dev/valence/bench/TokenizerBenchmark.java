package dev.valence.bench;

import dev.valence.text.SpacyTokenizer;
import dev.valence.text.TextPipeline;
import dev.valence.text.TextRules;
import dev.valence.text.Token;
import dev.valence.text.Truncation;
import dev.valence.text.Vocabulary;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reviews and tokens a second on one core: the tokenizer alone, and the whole pipeline from raw
 * text to ids. The line {@code :tokens} is the figure to look at.
 *
 * <pre>{@code
 * mvn -q -pl src/bench -am package -DskipTests
 * java -cp src/bench/target/classes:$(cat src/bench/target/classpath.txt) \
 *     org.openjdk.jmh.Main TokenizerBenchmark -p reviews=aclImdb/train/pos
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TokenizerBenchmark {

  /** A directory of {@code .txt} files or a file of lines; empty for the sample. */
  @Param("")
  public String reviews;

  private final SpacyTokenizer tokenizer = new SpacyTokenizer();
  private List<String> texts;
  private TextPipeline pipeline;

  /** What was done beside whole reviews, and which review is next. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Progress {
    public long tokens;
    private int next;

    String nextOf(List<String> texts) {
      next = next + 1 < texts.size() ? next + 1 : 0;
      return texts.get(next);
    }
  }

  @Setup
  public void readReviews() throws IOException {
    List<String> raw = Reviews.read(reviews);
    texts = raw.stream().map(TextRules.seed()::rewrite).toList();
    Map<String, Long> counts = new HashMap<>();
    for (String text : raw) {
      TextRules.seed().tokens(text).forEach(token -> counts.merge(token, 1L, Long::sum));
    }
    pipeline =
        new TextPipeline(TextRules.seed(), Vocabulary.build(counts, 2, 30_000), Truncation.DEFAULT);
  }

  @Benchmark
  public List<Token> tokenize(Progress progress) {
    List<Token> tokens = tokenizer.tokenize(progress.nextOf(texts));
    progress.tokens += tokens.size();
    return tokens;
  }

  @Benchmark
  public int[] encode(Progress progress) {
    int[] ids = pipeline.encode(progress.nextOf(texts)).ids();
    progress.tokens += ids.length - 1;
    return ids;
  }
}
