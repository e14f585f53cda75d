package dev.valence.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.valence.schema.Review;
import dev.valence.training.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractListAssert;
import org.assertj.core.api.ObjectAssert;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewReaderTest {

  @TempDir Path directory;

  private final List<Review> reviews = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  @Test
  void readsAReviewALineAndNamesItByItsPlace() throws IOException {
    read("notes.txt", "A good film.\r\n\n  \nÄußerst mäßig ☕\n");

    assertReviews()
        .containsExactly(
            tuple("notes.txt:1", "A good film.", null),
            tuple("notes.txt:4", "Äußerst mäßig ☕", null));
  }

  @Test
  void leavesOutALineThatIsNotUtf8() throws IOException {
    Path file = directory.resolve("latin.txt");
    Files.write(file, "good\nsch\u00f6n\nbad\n".getBytes(ISO_8859_1));

    reader().read(file);

    assertThat(reviews).extracting(Review::getId).containsExactly("latin.txt:1", "latin.txt:3");
    assertThat(problems).singleElement().asString().startsWith(file + ":2: not text in UTF-8");
  }

  @Test
  void skipsAByteOrderMark() throws IOException {
    read("a.txt", "\ufeffgood\n");
    read("b.jsonl", "\ufeff{\"text\":\"fine\"}\n");
    read("c.csv", "\ufefftext\nbad\n");

    assertThat(reviews).extracting(Review::getText).containsExactly("good", "fine", "bad");
  }

  @Test
  void readsJsonLinesWithAllFields() throws IOException {
    read(
        "r.jsonl",
        """
        {"id": "a", "text": "good", "subject": "film", "writtenAt": "2026-01-02T03:04:05Z", "x": 1}

        {"id": 7, "text": ""}
        {"text": "bad"}
        """);

    assertReviews()
        .containsExactly(
            tuple("a", "good", "film"), tuple("7", "", null), tuple("r.jsonl:4", "bad", null));
    assertThat(reviews.get(0).getWrittenAt()).hasToString("2026-01-02T03:04:05Z");
  }

  @Test
  void namesFileAndLineOfWhatIsNotAReview() throws IOException {
    Path file = read("r.jsonl", "{\"text\": \"good\"}\n[1]\n{\"id\": 1}\n{\"text\": \"bad\"}\n");

    assertThat(reviews).extracting(Review::getText).containsExactly("good", "bad");
    assertThat(problems)
        .containsExactly(
            file + ":2: not a JSON object but ARRAY",
            file + ":3: the JSON object has no field \"text\" with a string");
  }

  /** As spreadsheets write where a comma stands in numbers. */
  @Test
  void readsCsvWithSemicolons() throws IOException {
    read("r.csv", "id;text;subject\na;\"good, if loud\";kettle\n");

    assertReviews().containsExactly(tuple("a", "good, if loud", "kettle"));
  }

  @Test
  void readsCsvWithLineBreaksInQuotes() throws IOException {
    read(
        "r.csv",
        "subject,text,id\nfilm,\"good, \"\"great\"\",\neven\",a\n\nkettle,bad,\nbook,fine,c\n");

    assertReviews()
        .containsExactly(
            tuple("a", "good, \"great\",\neven", "film"),
            tuple("r.csv:5", "bad", "kettle"),
            tuple("c", "fine", "book"));
  }

  @Test
  void readsTsv() throws IOException {
    read("r.tsv", "id\ttext\na\tgood, really\n");

    assertReviews().containsExactly(tuple("a", "good, really", null));
  }

  @Test
  void namesTheRowsThatEndTooEarly() throws IOException {
    Path file = read("r.csv", "id,text\na,good\nb\nc,bad\n");

    assertThat(reviews).extracting(Review::getId).containsExactly("a", "c");
    assertThat(problems).containsExactly(file + ":3: the row ends before the column text");
  }

  @Test
  void stopsAtARowThatIsNotCsv() throws IOException {
    Path file = read("r.csv", "id,text\na,good\nb,\"bad\" or so\nc,fine\n");

    assertThat(reviews).extracting(Review::getId).containsExactly("a");
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith(file + ":3: ")
        .endsWith("; the rest of the file was not read");
  }

  @Test
  void stopsAtARowThatIsNotUtf8() throws IOException {
    Path file = directory.resolve("latin.csv");
    Files.write(file, "id,text\na,sch\u00f6n\n".getBytes(ISO_8859_1));
    Path header = directory.resolve("header.csv");
    Files.write(header, "t\u00e9xt\ngood\n".getBytes(ISO_8859_1));

    reader().read(file);

    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith(file + ":")
        .contains("UTF-8")
        .endsWith("; the rest of the file was not read");
    assertThatThrownBy(() -> reader().read(header))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll(header.toString(), "UTF-8");
  }

  @Test
  void asksForTheColumnOfTheTexts() {
    assertThatThrownBy(() -> read("r.csv", "id,review\na,good\n"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "no column 'text' in %s, which has [id, review]. Name the column of the texts with --text-column.",
            directory.resolve("r.csv"));
  }

  @Test
  void refusesTwoColumnsOfTheSameName() {
    assertThatThrownBy(() -> read("r.csv", "id,text,text\na,good,bad\n"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "several columns of %s are called 'text'. Rename all but one.",
            directory.resolve("r.csv"));
  }

  @Test
  void saysThatTheColumnsAreSeparatedByTabs() {
    assertThatThrownBy(() -> read("r.csv", "id\ttext\na\tgood\n"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "the columns of %s are separated by tabs. Rename it to .tsv.",
            directory.resolve("r.csv"));
  }

  @Test
  void refusesACsvFileWithoutHeader() {
    assertThatThrownBy(() -> read("r.csv", ""))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("no header in " + directory.resolve("r.csv"));
  }

  @Test
  void readsAnAclImdbDirectoryInOrder() throws IOException {
    write("train/neg/0_2.txt", "bad<br />\nfilm");
    write("train/pos/1_9.txt", "great");
    write("train/pos/0_8.txt", "good");
    write("train/urls_pos.txt", "https://example.org");
    write("test/pos/0_7.txt", "fine");

    reader().read(directory);

    assertReviews()
        .containsExactly(
            tuple("train/pos/0_8.txt", "good", null),
            tuple("train/pos/1_9.txt", "great", null),
            tuple("train/neg/0_2.txt", "bad<br />\nfilm", null),
            tuple("test/pos/0_7.txt", "fine", null));
  }

  @Test
  void refusesADirectoryOfSomethingElse() {
    assertThatThrownBy(() -> reader().read(directory))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageStartingWith("not an aclImdb directory: " + directory);
  }

  @Test
  void refusesAMissingFileAndAnUnknownKind() {
    assertThatThrownBy(() -> reader().read(directory.resolve("no.txt")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage("no such file or directory: " + directory.resolve("no.txt") + ".");
    assertThatThrownBy(() -> read("r.doc", "good"))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageStartingWith("unknown kind of file: " + directory.resolve("r.doc"));
  }

  private AbstractListAssert<?, List<? extends Tuple>, Tuple, ObjectAssert<Tuple>> assertReviews() {
    assertThat(problems).isEmpty();
    return assertThat(reviews).extracting(Review::getId, Review::getText, Review::getSubject);
  }

  private ReviewReader reader() {
    return new ReviewReader(new SeparatedReviews.Columns(), reviews::add, problems::add);
  }

  private Path read(String name, String content) throws IOException {
    Path file = write(name, content);
    reader().read(file);
    return file;
  }

  private Path write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content.getBytes(UTF_8));
  }
}
