package dev.valence.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.valence.model.ModelManifest.FileDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.TensorShapeProto.Dim;

/**
 * Ways in which a model breaks on its way to a processor, each made of a sound {@link TinyModel}.
 */
public enum BrokenModel {
  MISSING_MANIFEST("has no manifest.json, so it is not a (whole) model") {
    @Override
    void damage(Path directory) throws IOException {
      Files.delete(directory.resolve("manifest.json"));
    }
  },
  MANIFEST_CUT_SHORT("manifest.json cannot be understood: Unexpected end-of-input") {
    @Override
    void damage(Path directory) throws IOException {
      cut(directory.resolve("manifest.json"));
    }
  },
  MANIFEST_OF_NULL("manifest.json holds null") {
    @Override
    void damage(Path directory) throws IOException {
      Files.writeString(directory.resolve("manifest.json"), "null");
    }
  },
  MANIFEST_THAT_IS_A_LINK("manifest.json is not a plain file") {
    @Override
    void damage(Path directory) throws IOException {
      replaceByLink(directory, "manifest.json");
    }
  },
  NEWER_MANIFEST("has the unknown field quantization: a newer Valence exported this model") {
    @Override
    void damage(Path directory) throws IOException {
      editManifest(directory, text -> text.replaceFirst("\\{", "{\"quantization\": \"int4\","));
    }
  },
  FIELD_GIVEN_TWICE("cannot be understood: Duplicate field 'version'") {
    @Override
    void damage(Path directory) throws IOException {
      editManifest(directory, text -> text.replaceFirst("\\{", "{\"version\": 7,"));
    }
  },
  THRESHOLD_THAT_IS_NO_NUMBER("abstentionThreshold must be from 0 to 1: NaN") {
    @Override
    void damage(Path directory) throws IOException {
      editManifest(
          directory,
          text -> text.replaceFirst("(\"abstentionThreshold\" *: *)[0-9.]+", "$1\"NaN\""));
    }
  },
  LABEL_GIVEN_TWICE("labels must be distinct: [negative, negative]") {
    @Override
    void damage(Path directory) throws IOException {
      editManifest(directory, text -> text.replace("\"positive\"", "\"negative\""));
    }
  },
  LABEL_TOO_MANY("names 3 labels [negative, mixed, positive] but the model gives 2 probabilities") {
    @Override
    void damage(Path directory) throws IOException {
      editManifest(directory, text -> text.replace("\"negative\"", "\"negative\", \"mixed\""));
    }
  },
  NEGATIVE_FILE_SIZE("size of a file must not be negative: -1") {
    @Override
    void damage(Path directory) throws IOException {
      editManifest(directory, text -> text.replaceFirst("(\"size\" *: *)[0-9]+", "$1-1"));
    }
  },
  DIRECTORY_OF_ANOTHER_VERSION("is version 4711 by its manifest") {
    @Override
    void damage(Path directory) throws IOException {
      ManifestFile.write(directory, ManifestFile.read(directory).withVersion(4711));
    }
  },
  MISSING_FILE("lacks the file assets/vocabulary.txt") {
    @Override
    void damage(Path directory) throws IOException {
      Files.delete(directory.resolve("assets/vocabulary.txt"));
    }
  },
  HALF_COPIED_DIRECTORY("lacks the file variables/") {
    @Override
    void damage(Path directory) throws IOException {
      for (Path file : filesIn(directory.resolve("variables"))) {
        Files.delete(file);
      }
      Files.delete(directory.resolve("variables"));
    }
  },
  HALF_COPIED_FILE(" bytes but the manifest says ") {
    @Override
    void damage(Path directory) throws IOException {
      cut(weights(directory));
    }
  },
  FLIPPED_BYTE("has the SHA-256 ") {
    @Override
    void damage(Path directory) throws IOException {
      byte[] content = Files.readAllBytes(weights(directory));
      content[content.length / 2] ^= 1;
      Files.write(weights(directory), content);
    }
  },
  FILE_THAT_NOBODY_LISTED("holds a file that its manifest does not list: assets/notes.txt") {
    @Override
    void damage(Path directory) throws IOException {
      Files.writeString(directory.resolve("assets/notes.txt"), "mine");
    }
  },
  FILE_OUTSIDE_OF_THE_DIRECTORY("lists a file outside of it: ../secret.txt") {
    @Override
    void damage(Path directory) throws IOException {
      ModelManifest manifest = ManifestFile.read(directory);
      Map<String, FileDigest> files = new HashMap<>(manifest.files());
      files.put("../secret.txt", new FileDigest(4, "0".repeat(64)));
      ManifestFile.write(directory, manifest.withFiles(files));
    }
  },
  LINK_OUT_OF_THE_DIRECTORY("assets/vocabulary.txt is a link or a special file") {
    @Override
    void damage(Path directory) throws IOException {
      replaceByLink(directory, "assets/vocabulary.txt");
    }
  },
  DIRECTORY_INSTEAD_OF_A_FILE("lacks the file saved_model.pb") {
    @Override
    void damage(Path directory) throws IOException {
      Files.delete(directory.resolve("saved_model.pb"));
      Files.createDirectory(directory.resolve("saved_model.pb"));
    }
  },
  OTHER_VOCABULARY("vocabulary.txt has 18 lines but the embedding has 17 rows") {
    @Override
    void damage(Path directory) throws IOException {
      Path vocabulary = directory.resolve("assets/vocabulary.txt");
      Files.writeString(vocabulary, "toaster\n", StandardOpenOption.APPEND);
      reseal(directory);
    }
  },
  UNREADABLE_PIPELINE("has no usable text pipeline") {
    @Override
    void damage(Path directory) throws IOException {
      cut(directory.resolve("assets/text-pipeline.json"));
      reseal(directory);
    }
  },
  NEGATIVE_LENGTHS("has no usable text pipeline") {
    @Override
    void damage(Path directory) throws IOException {
      Path pipeline = directory.resolve("assets/text-pipeline.json");
      String text = Files.readString(pipeline);
      Files.writeString(pipeline, text.replaceFirst("(\"maxTokens\" *: *)[0-9]+", "$1-2000"));
      reseal(directory);
    }
  },
  MISSING_GRAPH("holds no saved_model.pb") {
    @Override
    void damage(Path directory) throws IOException {
      Files.delete(directory.resolve("saved_model.pb"));
      reseal(directory);
    }
  },
  GRAPH_THAT_IS_NONE("saved_model.pb is not a SavedModel") {
    @Override
    void damage(Path directory) throws IOException {
      Files.write(directory.resolve("saved_model.pb"), "not a graph".getBytes(UTF_8));
      reseal(directory);
    }
  },
  OLDER_RUNTIME("Op type not registered 'GatherV9'") {
    @Override
    void damage(Path directory) throws IOException {
      editGraph(directory, "GatherV2", "GatherV9");
    }
  },
  OTHER_SIGNATURE("needs the input token_ids, DT_INT32 with 2 dimensions, but has no such input") {
    @Override
    void damage(Path directory) throws IOException {
      editGraph(directory, "token_ids", "word_ids_");
    }
  },
  SIGNATURE_OF_A_MISSING_TENSOR("\"Placeholder_9:0\" does not exist on the graph") {
    @Override
    void damage(Path directory) throws IOException {
      editGraph(directory, "Placeholder_1:0", "Placeholder_9:0");
    }
  },
  MISSING_WEIGHTS("TensorFlow cannot load ") {
    @Override
    void damage(Path directory) throws IOException {
      Files.delete(weights(directory));
      reseal(directory);
    }
  },
  TRUNCATED_WEIGHTS("TensorFlow cannot load ") {
    @Override
    void damage(Path directory) throws IOException {
      cut(weights(directory));
      reseal(directory);
    }
  },
  HUGE_WEIGHTS("take 9007199.3 GB, and this machine has room for ") {
    @Override
    void damage(Path directory) throws IOException {
      reshapeWeights(directory, 1L << 50, 2);
    }
  },
  WEIGHTS_OF_NO_WIDTH("has weights without numbers: ") {
    @Override
    void damage(Path directory) throws IOException {
      reshapeWeights(directory, 17, 0);
    }
  },
  WEIGHTS_THAT_ARE_NO_NUMBERS("gets the probability NaN: the weights are damaged") {
    @Override
    void damage(Path directory) throws IOException {
      TinyModel.exportGraph(
          directory, TinyModel.weights(TinyModel.textPipeline().vocabulary(), Float.NaN));
      reseal(directory);
    }
  },
  OTHER_WEIGHTS("(assets.extra/golden.jsonl) gets the probabilities ") {
    @Override
    void damage(Path directory) throws IOException {
      TinyModel.exportGraph(
          directory, TinyModel.weights(TinyModel.textPipeline().vocabulary(), 1.01f));
      reseal(directory);
    }
  },
  SCORES_THAT_DEPEND_ON_PADDING("(assets.extra/golden.jsonl) gets the probabilities ") {
    @Override
    void damage(Path directory) throws IOException {
      TinyModel.exportGraph(
          directory, TinyModel.weights(TinyModel.textPipeline().vocabulary(), 1), false);
      reseal(directory);
    }
  },
  OTHER_TOKENIZER("golden review 1 (assets.extra/golden.jsonl) is tokenised differently") {
    @Override
    void damage(Path directory) throws IOException {
      Path golden = directory.resolve("assets.extra/golden.jsonl");
      Files.writeString(
          golden, Files.readString(golden).replaceFirst("\"ids\":\\[2,", "\"ids\":[2,0,"));
      reseal(directory);
    }
  },
  NO_GOLDEN_REVIEWS("golden.jsonl holds no review") {
    @Override
    void damage(Path directory) throws IOException {
      Files.writeString(directory.resolve("assets.extra/golden.jsonl"), "");
      reseal(directory);
    }
  };

  private final String reason;

  BrokenModel(String reason) {
    this.reason = reason;
  }

  /** Part of the line that says why such a model is refused. */
  public String reason() {
    return reason;
  }

  /**
   * Copies a sound model and breaks the copy.
   *
   * @param sound what {@link TinyModel} wrote, for the version that the copy's name says
   * @param directory is made
   */
  public void copy(Path sound, Path directory) {
    try (Stream<Path> tree = Files.walk(sound)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        Files.copy(path, directory.resolve(sound.relativize(path).toString()));
      }
      damage(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  abstract void damage(Path directory) throws IOException;

  /** What somebody does who changes a model on purpose: the manifest matches the files again. */
  private static void reseal(Path directory) throws IOException {
    ManifestFile.write(
        directory, ManifestFile.read(directory).withFiles(ModelFiles.measure(directory)));
  }

  private static void cut(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length / 2));
  }

  private static void replaceByLink(Path directory, String name) throws IOException {
    Path file = directory.resolve(name);
    Path elsewhere = directory.resolveSibling("elsewhere-" + file.getFileName());
    Files.move(file, elsewhere, StandardCopyOption.REPLACE_EXISTING);
    Files.createSymbolicLink(file, elsewhere);
  }

  private static void editManifest(Path directory, UnaryOperator<String> edit) throws IOException {
    Path manifest = directory.resolve("manifest.json");
    Files.writeString(manifest, edit.apply(Files.readString(manifest)));
  }

  /** The replacement must be as long, since the graph's messages carry their lengths. */
  private static void editGraph(Path directory, String name, String replacement)
      throws IOException {
    Path graph = directory.resolve("saved_model.pb");
    String text = new String(Files.readAllBytes(graph), ISO_8859_1);
    Files.write(graph, text.replace(name, replacement).getBytes(ISO_8859_1));
    reseal(directory);
  }

  private static void reshapeWeights(Path directory, long... dimensions) throws IOException {
    Path file = directory.resolve("saved_model.pb");
    SavedModel.Builder model = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dimension : dimensions) {
      shape.addDim(Dim.newBuilder().setSize(dimension));
    }
    for (NodeDef.Builder node :
        model.getMetaGraphsBuilder(0).getGraphDefBuilder().getNodeBuilderList()) {
      if (node.getOp().equals("VariableV2")) {
        node.putAttr("shape", AttrValue.newBuilder().setShape(shape).build());
      }
    }
    Files.write(file, model.build().toByteArray());
    reseal(directory);
  }

  private static Path weights(Path directory) throws IOException {
    return filesIn(directory.resolve("variables")).stream()
        .filter(file -> file.toString().contains(".data-"))
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
