package dev.valence.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusReaderTest {
  private final CorpusReader reader = new CorpusReader(CorpusReader.Columns.DEFAULT);
  @TempDir private Path folder;

  @Test
  void readsAnAclImdbDirectoryWithTheFilmOfEachReview() throws IOException {
    write("train/pos/0_9.txt", "Grand.<br />Go!");
    write("train/pos/1_10.txt", "Lovely.");
    write("train/pos/12345678901_1.txt", "Of no film.");
    write("train/neg/0_2.txt", "Dire.");
    write("train/unsup/1_0.txt", "Words.");
    write(
        "train/urls_pos.txt",
        "http://films.example/title/tt0000007/usercomments\nhttp://films.example/title/tt0000008/usercomments\n");

    Corpus corpus = reader.read(folder, "train");

    assertThat(corpus.documents())
        .extracting(Document::id, Document::text, Document::label, Document::group)
        .containsExactly(
            tuple("pos/0_9.txt", "Grand.<br />Go!", "positive", "tt0000007"),
            tuple("pos/12345678901_1.txt", "Of no film.", "positive", "pos/12345678901_1.txt"),
            tuple("pos/1_10.txt", "Lovely.", "positive", "tt0000008"),
            tuple("neg/0_2.txt", "Dire.", "negative", "neg/0_2.txt"),
            tuple("unsup/1_0.txt", "Words.", null, "unsup/1_0.txt"));
  }

  @Test
  void readsCsvWithQuotesAndNewlines() throws IOException {
    Path file =
        write(
            "kettles.csv",
            "id,text,label,group\nk1,\"It boils,\nand \"\"sings\"\".\",positive,kettle\n,Leaks.,,\n");

    assertThat(reader.read(file, "train").documents())
        .extracting(Document::id, Document::text, Document::label)
        .containsExactly(
            tuple("k1", "It boils,\nand \"sings\".", "positive"),
            tuple("kettles.csv:3", "Leaks.", null));
  }

  @Test
  void readsTsvByTheColumnsItIsTold() throws IOException {
    Path file = write("teachers.tsv", "comment\tstars\tcourse\nPatient.\t5\tart\n");
    CorpusReader own = new CorpusReader(new CorpusReader.Columns("comment", "stars", "course"));

    assertThat(own.read(file, "train").documents())
        .containsExactly(new Document("teachers.tsv:2", "Patient.", "5", "art"));
    assertThatThrownBy(
            () ->
                new CorpusReader(new CorpusReader.Columns("comment", "stars", "cuorse"))
                    .read(file, "train"))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("no column 'cuorse' in " + file + ", which has [comment, stars, ");
  }

  @Test
  void refusesALabelColumnThatIsNotThereThoughItIsCalledAsAnotherIsByDefault() throws IOException {
    Path file = write("teachers.csv", "text,label\nPatient.,5\n");
    CorpusReader own = new CorpusReader(new CorpusReader.Columns("text", "group", "label"));

    assertThatThrownBy(() -> own.read(file, "train"))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("no column 'group' in " + file);
  }

  @Test
  void refusesAFieldThatNoJsonLineHas() throws IOException {
    Path file = write("r.jsonl", "{\"text\":\"Patient.\",\"teacher\":\"ada\"}\n");
    CorpusReader own = new CorpusReader(new CorpusReader.Columns("text", "label", "teachr"));

    assertThatThrownBy(() -> own.read(file, "train"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "no column 'teachr' in " + file + ", which has [teacher, text]. Name one of those.");
  }

  @Test
  void readsJsonLinesAndPlainText() throws IOException {
    Path json =
        write(
            "a.jsonl",
            "{\"id\":\"x\",\"text\":\"Fine.\",\"label\":\"positive\"}\n\n{\"text\":\"Poor.\"}\n");
    Path plain = write("b.txt", "One review.\n\nAnother.\n");

    assertThat(reader.read(json, "train").documents())
        .extracting(Document::id)
        .containsExactly("x", "a.jsonl:3");
    assertThat(reader.read(plain, "train").documents())
        .extracting(Document::id)
        .containsExactly("b.txt:1", "b.txt:3");
  }

  @Test
  void passesOverEmptyLinesButNamesTheOneThatIsWrong() throws IOException {
    Path file = write("gaps.csv", "\nid,text\n\n1,\"Two\nlines.\"\n\n,Fine.\n\n");

    assertThat(reader.read(file, "train").documents())
        .extracting(Document::id, Document::text)
        .containsExactly(tuple("1", "Two\nlines."), tuple("gaps.csv:3", "Fine."));
    assertRefused(write("gap.csv", "id,text\n\n1,\"Two\nlines.\"\n\n2\n"), "line 6 ");
  }

  @Test
  void readsColumnsBetweenSemicolons() throws IOException {
    Path file = write("a.csv", "text;label\n\"Fine; really, fine.\";good\n");

    assertThat(reader.read(file, "train").documents())
        .extracting(Document::text, Document::label)
        .containsExactly(tuple("Fine; really, fine.", "good"));
  }

  @Test
  void holdsOutTheSameTextsWhereverTheyStand() throws IOException {
    List<String> texts =
        Synthetic.reviews(300, 1).documents().stream().map(Document::text).toList();
    List<String> sorted = texts.stream().sorted().toList();
    Path before = write("before.txt", String.join("\n", texts));
    Path table = write("after.csv", "text\n\" " + String.join("\"\n\"", sorted) + "\"\n");
    Path json =
        write("after.ndjson", "{\"text\":\"" + String.join(" \"}\n{\"text\":\"", sorted) + "\"}");

    Set<String> held = heldOut(before);

    assertThat(held).isNotEmpty().isEqualTo(heldOut(table)).isEqualTo(heldOut(json));
    assertThat(reader.read(before, "train").training(0.2).documents())
        .extracting(Document::text)
        .doesNotContainAnyElementsOf(held);
  }

  private Set<String> heldOut(Path file) {
    return reader.read(file, "train").validation(0.2).documents().stream()
        .map(review -> review.text().strip())
        .collect(Collectors.toSet());
  }

  @Test
  void takesNullForNothing() throws IOException {
    Path json =
        write("a.jsonl", "{\"id\":null,\"text\":\"Fine.\",\"label\":null,\"group\":null}\n");

    assertThat(reader.read(json, "train").documents())
        .containsExactly(new Document("a.jsonl:1", "Fine.", null, "Fine."));
    assertRefused(write("b.jsonl", "{\"text\":null}\n"), "line 1 has no 'text'");
  }

  @Test
  void skipsAByteOrderMark() throws IOException {
    assertThat(
            Stream.of(
                    write("a.txt", "\ufeffgood\n"),
                    write("b.jsonl", "\ufeff{\"text\":\"good\"}\n"),
                    write("c.csv", "\ufefftext\ngood\n"))
                .map(file -> reader.read(file, "train").documents().get(0).text()))
        .containsExactly("good", "good", "good");
  }

  @Test
  void saysThatAFileIsNotUtf8() throws IOException {
    for (String name : List.of("a.txt", "b.jsonl", "c.csv")) {
      Path file = folder.resolve(name);
      String content = name.equals("b.jsonl") ? "{\"text\":\"sch\u00f6n\"}" : "text\nsch\u00f6n\n";
      Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));

      assertRefused(file, file.toString(), "it is not UTF-8. Save it as UTF-8");
    }
  }

  @Test
  void saysWhichLineIsWrong() throws IOException {
    assertRefused(write("a.jsonl", "{\"text\":\"ok\"}\n{oops\n"), "line 2", "not a JSON object");
    assertRefused(
        write("b.csv", "id,comment\n1\n"), "no column 'text'", "[id, comment]", "--text-column");
    assertRefused(write("empty.csv", "\n"), "no header in ", "empty.csv", "in its first line");
    assertRefused(write("tabs.csv", "id\ttext\n1\tFine.\n"), "tabs.csv", "tabs", ".tsv");
    assertRefused(
        write("cut.csv", "id,text\n1,Fine.\n2,\"Cut off"),
        "line 3",
        "closing quote",
        "Mend that row");
    assertRefused(write("few.csv", "id,text,label\n1,Fine.\n"), "line 2", "Mend that row");
    assertRefused(
        write("two.csv", "id,text,text\n1,Fine.,Bad.\n"), "several columns", "called 'text'");
    assertRefused(write("c.pdf", "x"), "unknown kind of corpus");
    assertRefused(write("d.txt", "\n\n"), "holds no review");
    assertRefused(folder.resolve("missing.csv"), "no corpus at");
    assertRefused(Files.createDirectory(folder.resolve("empty")), "no reviews in pos/ and neg/");
  }

  @Test
  void saysWhyAReviewCannotBeRead() throws IOException {
    write("train/neg/0_2.txt", "Dire.");
    Path review = folder.resolve("train/pos/0_9.txt");
    Files.createSymbolicLink(
        Files.createDirectories(review.getParent()).resolve("0_9.txt"),
        review.resolveSibling("gone"));

    assertRefused(folder, "cannot read the corpus " + folder + ": NoSuchFile: " + review);
  }

  @Test
  void neverSplitsAGroup() {
    Corpus corpus =
        new Corpus(
            Synthetic.reviews(2_000, 1).documents().stream()
                .map(
                    review ->
                        new Document(
                            review.id(),
                            review.text(),
                            review.label(),
                            "film-" + review.id().hashCode() % 300))
                .toList());

    Corpus validation = corpus.validation(0.2);
    Corpus training = corpus.training(0.2);

    assertThat(validation.documents().size() + training.documents().size()).isEqualTo(2_000);
    assertThat(validation.documents().size()).isBetween(200, 600);
    Set<String> films =
        new HashSet<>(validation.documents().stream().map(Document::group).toList());
    assertThat(training.documents()).extracting(Document::group).doesNotContainAnyElementsOf(films);
  }

  private void assertRefused(Path path, String... parts) {
    assertThatThrownBy(() -> reader.read(path, "train"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll(parts);
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
