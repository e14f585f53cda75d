package dev.valence.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.valence.text.SpacyTokenizer;
import dev.valence.text.TextRules;
import dev.valence.text.Token;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code valence tokenize}. */
@Command(
    name = "tokenize",
    description =
        "Cuts reviews into spaCy's tokens. Reads JSON Lines with id and text from standard input,"
            + " writes JSON Lines with id and tokens.")
final class TokenizeCommand implements Callable<Integer> {
  private final InputStream in;
  private final OutputStream out;

  TokenizeCommand() {
    this(System.in, new FileOutputStream(FileDescriptor.out));
  }

  TokenizeCommand(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  @Option(
      names = "--verbatim",
      description = "Take the text as it stands: HTML line breaks do not become newlines first.")
  private boolean verbatim;

  /** One line of the output. */
  private record Tokens(JsonNode id, List<String> tokens) {}

  @Override
  public Integer call() {
    TextRules rules = TextRules.seed();
    SpacyTokenizer tokenizer = new SpacyTokenizer();
    ReviewLineReader reviews = new ReviewLineReader(in);
    try (JsonLinesWriter lines = new JsonLinesWriter(out)) {
      Optional<ReviewLine> review = reviews.next();
      while (review.isPresent()) {
        String text = review.get().text();
        List<Token> tokens = tokenizer.tokenize(verbatim ? text : rules.rewrite(text));
        lines.write(new Tokens(review.get().id(), tokens.stream().map(Token::text).toList()));
        review = reviews.next();
      }
    }
    return 0;
  }
}
