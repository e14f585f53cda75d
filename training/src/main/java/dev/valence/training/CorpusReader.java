package dev.valence.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.valence.model.Reason;
import java.io.BufferedReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a corpus from what people have: an aclImdb directory, CSV or TSV with a header, JSON Lines,
 * or plain text with a review a line.
 */
public final class CorpusReader {
  private static final Pattern FILM = Pattern.compile("tt\\d+");
  private static final Pattern REVIEW_FILE = Pattern.compile("(\\d+)_\\d+\\.txt");

  private final Columns columns;

  /**
   * The columns of a CSV file, or fields of a JSON object, that a review is read from.
   *
   * @param text must be there in every row
   * @param label may be missing if it is the default: the corpus is unlabelled then
   * @param group may be missing if it is the default: a review's id is its group then, or its text
   *     if it has no id, so that reviews of one text are one group
   */
  public record Columns(String text, String label, String group) {
    /** {@code text}, {@code label} and {@code group}. */
    public static final Columns DEFAULT = new Columns("text", "label", "group");

    /**
     * @throws TrainingException if a table has no column of texts, or one twice, or lacks one that
     *     is not the default
     */
    void require(SeparatedFile.Header header) {
      header.require(text, "Name the column of the text with --text-column.");
      requireNamed(header);
      header.requireNoneTwice("id", text, label, group);
    }

    /**
     * @throws TrainingException if a column or field is not there that is not the default
     */
    void requireNamed(SeparatedFile.Header header) {
      header.requireIfNamed(label, DEFAULT.label());
      header.requireIfNamed(group, DEFAULT.group());
    }

    /**
     * @param number of the row or line
     * @throws TrainingException if there is no text
     */
    Document document(UnaryOperator<String> field, Path file, int number) {
      String words = field.apply(text);
      if (words == null) {
        throw new TrainingException(
            file
                + ", line "
                + number
                + " has no '"
                + text
                + "'. Name the column of the text with --text-column.");
      }
      String id = orElse(field.apply("id"), null);
      String about = orElse(field.apply(group), orElse(id, words.strip()));
      return new Document(
          orElse(id, file.getFileName() + ":" + number),
          words,
          orElse(field.apply(label), null),
          about);
    }

    private static String orElse(String value, String missing) {
      return value == null || value.isBlank() ? missing : value.strip();
    }
  }

  public CorpusReader(Columns columns) {
    this.columns = columns;
  }

  /**
   * Reads all reviews below {@code path}.
   *
   * @param split the half of an aclImdb directory to read, {@code train} or {@code test}; other
   *     corpora have no halves
   * @throws TrainingException if the path is not there, is of no known kind, or a row of it is not
   *     a review
   */
  public Corpus read(Path path, String split) {
    if (!Files.exists(path)) {
      throw new TrainingException(
          "no corpus at "
              + path
              + ". Give an aclImdb directory, or a .csv, .tsv, .jsonl or .txt file.");
    }
    try {
      List<Document> documents =
          Files.isDirectory(path) ? readAclImdb(path, split) : readFile(path);
      if (documents.isEmpty()) {
        throw new TrainingException("the corpus " + path + " holds no review. Give one that does.");
      }
      return new Corpus(documents);
    } catch (CharacterCodingException | CharConversionException e) {
      throw new TrainingException(
          "cannot read the corpus "
              + path
              + ": it is not UTF-8. Save it as UTF-8 (in Excel as \"CSV UTF-8\").",
          e);
    } catch (IOException e) {
      throw new TrainingException(
          "cannot read the corpus " + path + ": " + Reason.of(e, path) + ". Check the file.", e);
    }
  }

  private List<Document> readFile(Path file) throws IOException {
    Optional<SeparatedFile> table = SeparatedFile.named(file);
    if (table.isPresent()) {
      return readRows(table.get());
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return readJsonLines(file);
    } else if (name.endsWith(".txt")) {
      return readLines(file);
    }
    throw new TrainingException(
        "unknown kind of corpus: "
            + file
            + ". Give a .csv, .tsv, .jsonl or .txt file, or an aclImdb directory.");
  }

  private List<Document> readRows(SeparatedFile table) throws IOException {
    List<Document> documents = new ArrayList<>();
    try {
      table.forEachWholeRow(
          columns::require,
          (line, row) ->
              documents.add(columns.document(row::get, table.file(), documents.size() + 2)));
    } catch (SeparatedFile.UnreadableRowException e) {
      if (e.getCause() instanceof CharConversionException notUtf8) {
        throw notUtf8;
      }
      throw new TrainingException(
          "%s, line %d is not a row of its header: %s. Mend that row."
              .formatted(table.file(), e.line(), e.getMessage()),
          e);
    }
    return documents;
  }

  private List<Document> readJsonLines(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Set<String> names = new TreeSet<>();
    List<Document> documents = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          JsonNode object = mapper.readTree(withoutMark(line, number));
          object.fieldNames().forEachRemaining(names::add);
          documents.add(columns.document(name -> object.path(name).asText(null), file, number));
        } catch (JsonProcessingException e) {
          throw new TrainingException(
              file
                  + ", line "
                  + number
                  + " is not a JSON object: "
                  + firstLine(e)
                  + ". Mend that line.",
              e);
        }
      }
    }
    if (!documents.isEmpty()) {
      columns.requireNamed(new SeparatedFile.Header(file, List.copyOf(names)));
    }
    return documents;
  }

  private List<Document> readLines(Path file) throws IOException {
    List<Document> documents = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = withoutMark(line, number);
      if (!text.isBlank()) {
        documents.add(new Document(file.getFileName() + ":" + number, text, null, text.strip()));
      }
    }
    return documents;
  }

  /** The first line may begin with a byte order mark. */
  private static String withoutMark(String line, int number) {
    return number == 1 && line.startsWith("\ufeff") ? line.substring(1) : line;
  }

  private List<Document> readAclImdb(Path directory, String split) throws IOException {
    Path half = Files.isDirectory(directory.resolve(split)) ? directory.resolve(split) : directory;
    List<Document> documents = new ArrayList<>();
    documents.addAll(readJudged(half, "pos", "positive"));
    documents.addAll(readJudged(half, "neg", "negative"));
    if (documents.isEmpty()) {
      throw new TrainingException(
          half
              + " has no reviews in pos/ and neg/: it is not an aclImdb directory. Unpack the Large Movie Review Dataset there.");
    }
    documents.addAll(readJudged(half, "unsup", null));
    return documents;
  }

  private static List<Document> readJudged(Path half, String folder, String label)
      throws IOException {
    Path reviews = half.resolve(folder);
    if (!Files.isDirectory(reviews)) {
      return List.of();
    }
    Map<String, String> films = films(half.resolve("urls_" + folder + ".txt"));
    List<Path> files;
    try (Stream<Path> listed = Files.list(reviews)) {
      files = listed.sorted().toList();
    }
    List<Document> documents = new ArrayList<>(files.size());
    for (Path file : files) {
      Matcher name = REVIEW_FILE.matcher(file.getFileName().toString());
      if (name.matches()) {
        String id = folder + "/" + file.getFileName();
        String film = films.getOrDefault(name.group(1), id);
        documents.add(new Document(id, Files.readString(file), label, film));
      }
    }
    return documents;
  }

  /** Line n+1 names the film of review n. */
  private static Map<String, String> films(Path urls) throws IOException {
    Map<String, String> films = new HashMap<>();
    if (Files.exists(urls)) {
      List<String> lines = Files.readAllLines(urls);
      for (int i = 0; i < lines.size(); i++) {
        Matcher film = FILM.matcher(lines.get(i));
        if (film.find()) {
          films.put(Integer.toString(i), film.group());
        }
      }
    }
    return films;
  }

  static String firstLine(Exception e) {
    return e.getMessage().lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
