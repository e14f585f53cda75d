package dev.valence.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {

  @TempDir Path directory;

  @Test
  void putsSpecialTokensFirstThenFrequentWords() {
    Vocabulary vocabulary =
        Vocabulary.build(Map.of("rare", 1L, "the", 90L, "film", 20L, "a", 40L), 2, 100);

    assertThat(vocabulary.tokens()).containsExactly("<unk>", "<pad>", "<bos>", "the", "a", "film");
    assertThat(vocabulary.id("film")).isEqualTo(5);
    assertThat(vocabulary.token(5)).isEqualTo("film");
    assertThat(vocabulary.id("rare")).isEqualTo(Vocabulary.UNKNOWN_ID);
    assertThat(vocabulary.id(Vocabulary.PADDING)).isEqualTo(Vocabulary.PADDING_ID);
    assertThat(vocabulary.id(Vocabulary.BEGIN)).isEqualTo(Vocabulary.BEGIN_ID);
  }

  @Test
  void ordersEquallyFrequentWordsByCodePoint() {
    // In UTF-16 order the emoji (D83D...) would stand before U+FF21.
    Vocabulary vocabulary = Vocabulary.build(Map.of("Ａ", 7L, "😀", 7L, "b", 7L, "B", 7L), 1, 100);

    assertThat(vocabulary.tokens().subList(3, 7)).containsExactly("B", "b", "Ａ", "😀");
  }

  @Test
  void keepsTheMostFrequentWhenTheSizeIsLimited() {
    Vocabulary vocabulary = Vocabulary.build(Map.of("a", 3L, "b", 2L, "c", 1L, "<unk>", 9L), 1, 5);

    assertThat(vocabulary.tokens()).containsExactly("<unk>", "<pad>", "<bos>", "a", "b");
  }

  @Test
  void refusesASizeWithoutRoomForSpecialTokens() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vocabulary.build(Map.of(), 1, 2))
        .withMessage("the vocabulary's size is too small: 2. Give at least 3.");
  }

  @Test
  void readsWhatItWrote() throws IOException {
    Vocabulary vocabulary =
        vocabulary(
            "\n", "\r\n", "\t", "\\", "\\n", " ", "\u0085", "\u2028", "é", "😀", "\uD83D",
            "\uDE00x");
    vocabulary.save(directory.resolve("vocabulary.txt"));

    assertThat(Vocabulary.load(directory.resolve("vocabulary.txt"))).isEqualTo(vocabulary);
  }

  @Test
  void writesOneTokenALine() throws IOException {
    vocabulary("\n", "the", "\\n", "\uD83D").save(directory.resolve("vocabulary.txt"));

    assertThat(Files.readString(directory.resolve("vocabulary.txt")))
        .isEqualTo("<unk>\n<pad>\n<bos>\n\\n\nthe\n\\\\n\n\\uD83D\n");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    assertThatIOException()
        .isThrownBy(() -> Vocabulary.load(directory.resolve("none.txt")))
        .withMessage(
            "the vocabulary is missing: %s. Export the model again.",
            directory.resolve("none.txt"));
    assertRefused("the\nfilm\n", "the vocabulary begins with [the, film].");
    assertRefused("", "the vocabulary begins with [].");
    assertRefused("<unk>\n<pad>\n<bos>\na\nb\na\n", "\"a\" has the ids 3 and 5");
    assertRefused("<unk>\n<pad>\n<bos>\nab\\x\n", "unknown escape in the token: ab\\x.");
    assertRefused("<unk>\n<pad>\n<bos>\nab\\\n", "unknown escape");
    assertRefused("<unk>\n<pad>\n<bos>\n\\u12G4\n", "unknown escape");
  }

  @Test
  void saysThatAFileIsNotUtf8() throws IOException {
    Path file = directory.resolve("latin1.txt");
    Files.write(file, new byte[] {(byte) 0xE9, '\n'});

    assertThatIOException()
        .isThrownBy(() -> Vocabulary.load(file))
        .withMessage("the vocabulary is not UTF-8: %s. Export the model again.", file);
  }

  private void assertRefused(String content, String message) throws IOException {
    Path file = Files.writeString(directory.resolve("broken.txt"), content);
    assertThatIOException()
        .isThrownBy(() -> Vocabulary.load(file))
        .withMessageStartingWith(file + " is not a vocabulary: ")
        .withMessageContaining(message);
  }

  private static Vocabulary vocabulary(String... words) {
    return Vocabulary.of(
        Stream.concat(List.of("<unk>", "<pad>", "<bos>").stream(), Stream.of(words))
            .collect(Collectors.toList()));
  }
}
