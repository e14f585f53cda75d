package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page's trends in a real browser. */
@ExtendWith(TestBroker.Extension.class)
class TrendsBrowserTest {

  private static final String HOSTILE = "<img src=x onerror=alert(1)>";

  @Test
  void showsSubjectsAndFindsThem(TestBroker broker, @TempDir Path models, @TempDir Path profile)
      throws Exception {
    Optional<Path> program = Chromium.installed();
    assumeTrue(program.isPresent(), "skipped: no chromium on the PATH. Install it to run this.");
    TinyModel.write(models.resolve("1"));
    ValenceConfig config =
        broker.config(
            "trends-browser",
            models,
            Map.of(
                "valence.trends.enabled", "true",
                "valence.topic.trends", "trends-browser-out",
                "valence.trends.window.ms", "60000"));
    try (SentimentStream stream = TestBroker.start(config);
        Chromium browser = Chromium.start(program.get(), profile)) {
      browser.emulate(1280, 900, false);
      browser.visit("http://127.0.0.1:" + stream.httpAddress().getPort() + "/");
      List<ProducerRecord<byte[], byte[]>> reviews = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String subject = i % 3 == 0 ? HOSTILE : "kettle";
        String text = i % 5 == 0 ? "Awful!" : "A great one.";
        Review review = new Review("r" + i, text, subject, null);
        long timestamp = System.currentTimeMillis() - 60_000L * (i % 4);
        reviews.add(
            new ProducerRecord<>(
                config.reviewsTopic(),
                null,
                timestamp,
                review.getId().getBytes(UTF_8),
                ReviewFormat.named("avro").write(review)));
      }

      broker.produce(reviews);

      browser.await(
          "[...document.querySelectorAll('#trends .name')].map((name) => name.textContent).join()"
              + " === 'kettle,"
              + HOSTILE
              + "'");
      browser.await("document.querySelector('#trends .fine').textContent.endsWith(' 20 reviews')");
      assertThat(browser.evaluate("document.querySelector('#trends .fine').textContent"))
          .matches("positive 0\\.\\d\\d, before 0\\.\\d\\d · 20 reviews");
      assertThat(
              browser.evaluate("document.querySelector('#trends svg').getAttribute('aria-label')"))
          .isEqualTo("kettle: 4 negative, 16 positive");
      assertThat(browser.evaluate("document.querySelectorAll('#trends img').length"))
          .isEqualTo("0");
      browser.evaluate("document.getElementById('trends-query').focus()");
      browser.type("ONERROR");
      browser.await("document.querySelectorAll('#trends .trend-row').length === 1");
      assertThat(browser.evaluate("document.querySelector('#trends .name').textContent"))
          .isEqualTo(HOSTILE);
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
