package dev.valence.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.valence.model.Reason;
import dev.valence.training.Corpus;
import dev.valence.training.CorpusReader;
import dev.valence.training.Document;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run read from topics, in its folder: the reviews in {@code corpus.jsonl}, which {@code
 * --data} takes as well, and in {@code corpus.json} where they are from. Topics go on; a run that
 * was stopped goes on with what it began with.
 */
final class CorpusSnapshot {
  private static final String CHECKPOINTS = "{checkpoint-*,.replaced-checkpoint}";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final JsonMapper LINES = new JsonMapper();

  private final Path run;
  private final Path reviews;

  /**
   * @param run folder of a run
   */
  CorpusSnapshot(Path run) {
    this.run = run;
    this.reviews = run.resolve("corpus.jsonl");
  }

  /** Where the reviews are. */
  Path reviews() {
    return reviews;
  }

  /** Whether a run has begun with it. */
  boolean isInUse() {
    if (!Files.exists(reviews)) {
      return false;
    }
    try (var checkpoints = Files.newDirectoryStream(run, CHECKPOINTS)) {
      return checkpoints.iterator().hasNext();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /**
   * Writes both files, in place of what was there.
   *
   * @throws CommandFailedException if the folder cannot be written
   */
  void write(TopicCorpus.Read read, String digest) {
    Map<String, Object> origin = new LinkedHashMap<>();
    origin.put("readAt", Instant.now().toString());
    origin.put("ranges", read.ranges());
    origin.putAll(read.counts());
    origin.put("trainingDataDigest", digest);
    try {
      Files.createDirectories(run);
      Path staged = run.resolve("corpus.jsonl.partial");
      // Half a surrogate pair, which JSON may hold, becomes a question mark instead of an error.
      try (Writer out =
          new OutputStreamWriter(
              new BufferedOutputStream(Files.newOutputStream(staged)), StandardCharsets.UTF_8)) {
        for (Document document : read.corpus().documents()) {
          out.write(LINES.writeValueAsString(object(document)));
          out.write('\n');
        }
      }
      Files.writeString(run.resolve("corpus.json"), JSON.writeValueAsString(origin) + "\n");
      Files.move(staged, reviews, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  /** The reviews. */
  Corpus corpus() {
    return new CorpusReader(CorpusReader.Columns.DEFAULT).read(reviews, "");
  }

  private static ObjectNode object(Document document) {
    ObjectNode object = LINES.createObjectNode().put("id", document.id());
    object.put("text", document.text());
    if (document.labelled()) {
      object.put("label", document.label());
    }
    return object.put("group", document.group());
  }

  private CommandFailedException failed(String what, IOException e) {
    return new CommandFailedException(
        "cannot %s the reviews of the run in %s: %s. Make room, or name another --out."
            .formatted(what, run, Reason.of(e)),
        e);
  }
}
