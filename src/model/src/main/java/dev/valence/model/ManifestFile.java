package dev.valence.model;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Reads and writes {@code manifest.json}; strict, since a field that is skipped would be lost when
 * the model is published.
 */
final class ManifestFile {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final long MAX_BYTES = 16 << 20;

  private ManifestFile() {}

  /**
   * @throws InvalidModelException if the directory has no manifest or one that cannot be understood
   */
  static ModelManifest read(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new InvalidModelException(
          "There is no model directory "
              + directory
              + ". Name a directory that holds a manifest.json.");
    }
    Path file = directory.resolve(ModelManifest.FILE_NAME);
    try {
      requireOrdinary(file);
      ModelManifest manifest = JSON.readValue(Files.readAllBytes(file), ModelManifest.class);
      if (manifest == null) {
        throw new InvalidModelException(file + " holds null. Export or copy the model again.");
      }
      return manifest;
    } catch (NoSuchFileException e) {
      throw new InvalidModelException(
          directory
              + " has no manifest.json, so it is not a (whole) model. Export or copy the model again.",
          e);
    } catch (UnrecognizedPropertyException e) {
      throw new InvalidModelException(
          file
              + " has the unknown field "
              + e.getPropertyName()
              + ": a newer Valence exported this model. Update Valence.",
          e);
    } catch (ValueInstantiationException e) {
      throw new InvalidModelException(
          file + " is wrong: " + e.getCause().getMessage() + ". Export or copy the model again.",
          e);
    } catch (MismatchedInputException e) {
      throw new InvalidModelException(
          file + " has no usable value for " + fieldOf(e) + ". Export or copy the model again.", e);
    } catch (JsonProcessingException e) {
      throw new InvalidModelException(
          file
              + " cannot be understood: "
              + e.getOriginalMessage()
              + ". Export or copy the model again.",
          e);
    } catch (IOException e) {
      throw InvalidModelException.unreadable(file, e);
    }
  }

  /** A link or a pipe could be read for ever. */
  private static void requireOrdinary(Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new InvalidModelException(
          file + " is not a plain file. Export or copy the model again.");
    }
    if (attributes.size() > MAX_BYTES) {
      throw new InvalidModelException(
          file
              + " has "
              + attributes.size()
              + " bytes, more than any manifest needs. Export or copy the model again.");
    }
  }

  private static String fieldOf(MismatchedInputException e) {
    String path =
        e.getPath().stream()
            .map(Reference::getFieldName)
            .filter(Objects::nonNull)
            .collect(joining("."));
    return path.isEmpty() ? "any field" : "the field " + path;
  }

  /** Writes beside and renames, so that nobody sees half a manifest. */
  static void write(Path directory, ModelManifest manifest) throws IOException {
    Path temporary = directory.resolve("." + ModelManifest.FILE_NAME);
    try {
      Files.write(temporary, JSON.writeValueAsBytes(manifest));
      Files.move(
          temporary, directory.resolve(ModelManifest.FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
