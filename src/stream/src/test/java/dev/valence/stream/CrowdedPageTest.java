package dev.valence.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.valence.model.TinyModel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A hundred browsers, half of which never read what they asked for. */
@ExtendWith(TestBroker.Extension.class)
class CrowdedPageTest {

  private static final int BROWSERS = 100;
  private static final int REVIEWS = 2_000;

  @Test
  void theStreamDoesNotNotice(TestBroker broker, @TempDir Path models) throws Exception {
    TinyModel.write(models.resolve("1"));
    ValenceConfig config = broker.config("crowd", models, Map.of("valence.input.format", "text"));
    List<Socket> browsers = new ArrayList<>();

    try (SentimentStream stream = TestBroker.start(config)) {
      for (int browser = 0; browser < BROWSERS; browser++) {
        browsers.add(follow(stream.httpAddress(), browser % 2 == 0));
      }
      broker.produce(
          IntStream.range(0, REVIEWS)
              .mapToObj(number -> new ProducerRecord<>(config.reviewsTopic(), key(number), text()))
              .toList());
      broker.read(config.sentimentsTopic(), REVIEWS);

      assertThat(TestBroker.get(stream, "/readyz").statusCode()).isEqualTo(200);
      assertThat(TestBroker.get(stream, "/metrics").body())
          .contains("valence_reviews_total{label=\"positive\",} " + REVIEWS + ".0");
      assertThat(TestBroker.get(stream, "/").statusCode()).isEqualTo(200);
      assertThat(stream.isReady()).isTrue();
    } finally {
      for (Socket browser : browsers) {
        browser.close();
      }
    }
    assertThat(broker.readAll(config.sentimentsTopic()))
        .extracting(TestBroker::key)
        .doesNotHaveDuplicates()
        .hasSize(REVIEWS);
  }

  /** Asks for the events, and waits until they begin if it is one that reads. */
  private static Socket follow(InetSocketAddress address, boolean reads) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout((int) TestBroker.PATIENCE.toMillis());
    socket
        .getOutputStream()
        .write("GET /page/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
    if (reads) {
      assertThat(new String(socket.getInputStream().readNBytes(15), ISO_8859_1))
          .isEqualTo("HTTP/1.1 200 OK");
    }
    return socket;
  }

  private static byte[] key(int number) {
    return Integer.toString(number).getBytes(UTF_8);
  }

  private static byte[] text() {
    return "A great film, frobnicated.".getBytes(UTF_8);
  }
}
