package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import java.util.Arrays;
import java.util.Random;

/** Bytes as strangers send them. */
final class Fuzz {

  private static final String[] PIECES = {
    "(",
    "\"",
    "'",
    ".",
    "-",
    "!",
    "a.",
    "http://",
    "@",
    "\u0301",
    "\ud83d\ude00",
    "<br />",
    "\u0000",
    "\u200d",
    " "
  };
  private static final int LONG = 250_000;
  private static final int DEEP = 100_000;

  private final Random random;

  Fuzz(long seed) {
    random = new Random(seed);
  }

  /** A text that is hard on a tokenizer. */
  String hardText() {
    String piece = PIECES[random.nextInt(PIECES.length)] + PIECES[random.nextInt(PIECES.length)];
    int length = random.nextInt(4) == 0 ? LONG : random.nextInt(300);
    return piece.repeat(1 + length / piece.length());
  }

  /** What no format takes for a review. */
  byte[] garbage(String format) {
    byte[] random = new byte[1 + this.random.nextInt(200)];
    this.random.nextBytes(random);
    random[0] = (byte) 0xff;
    return switch (format) {
      case "text" -> random;
      case "json" ->
          switch (this.random.nextInt(9)) {
            case 0 -> "{\"text\":NaN}".getBytes(UTF_8);
            case 1 -> ("{\"text\":" + "[".repeat(DEEP)).getBytes(UTF_8);
            case 2 -> ("{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP)).getBytes(UTF_8);
            case 3 -> "{\"text\":\"cut off".getBytes(UTF_8);
            case 4 -> "{\"text\":\"two\"} {\"text\":\"objects\"}".getBytes(UTF_8);
            case 5 ->
                new byte[] {'{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xc3, '"', '}'};
            case 6 ->
                ("{\"id\":1" + "0".repeat(DEEP) + ",\"text\":\"long number\"}").getBytes(UTF_8);
            case 7 -> new byte[0];
            default -> random;
          };
      default ->
          switch (this.random.nextInt(5)) {
            case 0 -> avro(new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f});
            case 1 -> avro(new byte[] {0x01});
            case 2 -> avro(new byte[] {0x00, 0x02, (byte) 0xc3, 0x00, 0x00});
            case 3 -> new byte[] {(byte) 0xc3, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0};
            default -> random;
          };
    };
  }

  /** The record with something changed: it may still be one. */
  byte[] damaged(byte[] record) {
    byte[] damaged = record.clone();
    if (damaged.length == 0) {
      return damaged;
    }
    switch (random.nextInt(3)) {
      case 0 -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      case 1 -> {
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      default -> damaged = Arrays.copyOf(damaged, damaged.length + 1 + random.nextInt(9));
    }
    return damaged;
  }

  /** Behind the right header. */
  private static byte[] avro(byte[] body) {
    byte[] header =
        Arrays.copyOf(ReviewFormat.named("avro").write(new Review("", "", null, null)), 10);
    byte[] whole = Arrays.copyOf(header, header.length + body.length);
    System.arraycopy(body, 0, whole, header.length, body.length);
    return whole;
  }
}
