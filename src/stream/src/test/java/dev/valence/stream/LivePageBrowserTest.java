package dev.valence.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.valence.model.ModelRepository;
import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.stream.format.ReviewFormat;
import dev.valence.stream.format.SentimentReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The live page in a real browser, before a real processor and broker. Skipped where there is no
 * Chromium.
 */
@ExtendWith(TestBroker.Extension.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LivePageBrowserTest {

  private static final String HOSTILE =
      "A great film <script>document.title = 'broken'</script> & <img src=x onerror=alert(1)>";

  private static final String WAITING = "document.getElementById('waiting').textContent";
  private static final String TOP =
      "document.querySelector('#reviews blockquote')?.textContent ?? ''";
  private static final String TOKEN = "a-token-for-this-test";

  private static Path repository;
  private static ValenceConfig config;
  private static SentimentStream stream;
  private static Chromium browser;

  private final TestBroker broker;

  LivePageBrowserTest(TestBroker broker) {
    this.broker = broker;
  }

  @BeforeAll
  static void start(TestBroker broker, @TempDir Path models, @TempDir Path profile)
      throws Exception {
    Optional<Path> program = Chromium.installed();
    assumeTrue(program.isPresent(), "skipped: no chromium on the PATH. Install it to run this.");
    TinyModel.write(models.resolve("1"));
    repository = models;
    config =
        broker.config(
            "browser",
            models,
            Map.of(
                "valence.input.format", "json",
                "valence.model.poll.ms", "200",
                "valence.page.admin.token", TOKEN));
    stream = TestBroker.start(config);
    browser = Chromium.start(program.get(), profile);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (stream != null) {
      stream.close();
    }
  }

  @Test
  void showsReviewsAsTheyAreScoredAndTheirTextAsText() throws Exception {
    visit(1280, 900, false);
    browser.await("document.getElementById('state').textContent === 'live'");

    produce("hostile", HOSTILE, "film");

    browser.await("document.querySelector('#reviews mark')");
    assertThat(browser.evaluate("document.querySelector('#reviews blockquote').textContent"))
        .isEqualTo(HOSTILE);
    assertThat(browser.evaluate("document.querySelector('#reviews mark').textContent"))
        .isEqualTo("great");
    assertThat(browser.evaluate("document.querySelector('#reviews mark').className"))
        .isEqualTo("towards-last");
    assertThat(browser.evaluate("document.querySelectorAll('blockquote *:not(mark)').length"))
        .isEqualTo("0");
    browser.await("document.getElementById('scored').textContent !== '0'");
    browser.await("document.querySelector('#subjects .name').textContent === 'film'");
    assertThat(browser.evaluate("document.querySelector('#models li').textContent"))
        .contains("tiny version ");
    assertThat(browser.evaluate("document.title")).isEqualTo("Valence");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void answersInTheBoxByKeyboardAlone() throws Exception {
    visit(1280, 900, false);
    browser.await("document.getElementById('state').textContent === 'live'");
    for (int tabs = 0; tabs < 2; tabs++) {
      browser.press("Tab", 9);
    }
    assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("try-text");

    browser.type("What an awful kettle.");
    browser.press("Tab", 9);
    browser.press("Enter", 13);

    browser.await("document.querySelector('#try-result .verdict')");
    assertThat(browser.evaluate("document.querySelector('#try-result .verdict').textContent"))
        .startsWith("negative");
    assertThat(
            browser.evaluate(
                "document.querySelector('#try-result mark.towards-first').textContent"))
        .isEqualTo("awful");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void showsThatAnotherModelServes(@TempDir Path exported) throws Exception {
    visit(1280, 900, false);
    produce("before", "A great film.", "film");
    browser.await("document.querySelector('#models li')");

    TinyModel.write(exported.resolve("model"), TinyModel.draft(1, 0));
    long version = new ModelRepository(repository).publish(exported.resolve("model"));
    produceUntilScoredBy(version);

    browser.await(
        "document.querySelector('#models li').textContent.startsWith('tiny version "
            + version
            + " serves')");
    assertThat(browser.evaluate("document.querySelectorAll('#models .serving').length"))
        .isEqualTo("1");
    assertThat(browser.evaluate("document.querySelectorAll('#models li').length > 1"))
        .isEqualTo("true");
    assertThat(browser.evaluate("document.getElementById('model').textContent"))
        .isEqualTo("tiny version " + version);
  }

  @Test
  void changesTheModelForWhoHasTheToken(@TempDir Path exported) throws Exception {
    visit(1280, 900, false);
    browser.await("!document.getElementById('admin').hidden");
    TinyModel.write(exported.resolve("model"), TinyModel.draft(1, 0));
    long version = new ModelRepository(repository).publish(exported.resolve("model"));
    produceUntilScoredBy(version);

    order("activate", "a wrong token", "1");
    browser.await("document.getElementById('admin-result').className === 'problem'");
    assertThat(browser.evaluate("document.getElementById('admin-result').textContent"))
        .isEqualTo("This is not the admin token.");

    order("activate", TOKEN, "1");
    browser.await(
        "document.getElementById('admin-result').textContent"
            + " === 'The processors are told: version 1 is to serve.'");
    produceUntilScoredBy(1);
    browser.await("document.getElementById('model').textContent === 'tiny version 1'");
    browser.await(
        "document.querySelector('#models li').textContent.startsWith('tiny version 1 serves')");
    assertThat(browser.evaluate("document.querySelectorAll('#models .serving').length"))
        .isEqualTo("1");

    order("activate", TOKEN, "");
    browser.await(
        "document.getElementById('admin-result').textContent.includes('the latest version is to serve')");
    produceUntilScoredBy(version);
  }

  private void order(String deed, String token, String version) {
    for (String[] field : new String[][] {{"admin-token", token}, {"admin-version", version}}) {
      browser.evaluate("document.getElementById('%s').value = '%s'".formatted(field[0], field[1]));
    }
    browser.evaluate("document.querySelector('#admin button[value=%s]').click()".formatted(deed));
  }

  @Test
  void paintsNegativeAndPositiveTheSameWhateverOtherLabelsThereAre() throws Exception {
    visit(1280, 900, false);
    String labels = "['mixed', 'negative', 'positive', 'uncertain']";

    browser.evaluate(
        "import('/page/charts.js').then(({ side }) => { window.sides = %1$s.map((label) => side(label, %1$s)).join(); })"
            .formatted(labels));

    browser.await("window.sides");
    assertThat(browser.evaluate("window.sides")).isEqualTo("none,first,last,none");
  }

  @Test
  void holdsTheReviewsUntilItGoesOn() throws Exception {
    visit(1280, 900, false);
    produceUntilOnTop("A lamp.");
    browser.evaluate("document.getElementById('hold').click()");

    // Of many reviews a second only one is shown.
    for (int more = 0; browser.evaluate(WAITING).isEmpty(); more++) {
      produce("more-" + more, "An awful kettle.", "held");
    }
    assertThat(browser.evaluate(TOP)).isEqualTo("A lamp.");

    browser.evaluate("document.getElementById('hold').click()");
    produceUntilOnTop("An awful kettle.");
  }

  @Test
  void fitsAPhone() throws Exception {
    visit(360, 740, true);
    browser.await("document.getElementById('state').textContent === 'live'");

    assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo("360");
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(16, 21, 28)");
  }

  private void produceUntilOnTop(String text) throws Exception {
    for (int review = 0; !browser.evaluate(TOP).equals(text); review++) {
      produce("top-" + review, text, "held");
    }
  }

  /** The processor looks for new versions every few seconds. */
  private void produceUntilScoredBy(long version) throws Exception {
    SentimentReader scores = new SentimentReader();
    try (KafkaConsumer<byte[], byte[]> reader = broker.committedReader(config.sentimentsTopic())) {
      TestBroker.readToEnd(reader);
      long latest = 0;
      for (int review = 0; latest != version; review++) {
        produce("after-" + review, "A great film.", "film");
        for (ConsumerRecord<byte[], byte[]> score : reader.poll(TestBroker.PATIENCE)) {
          latest = scores.read(score.value()).getModelVersion();
        }
      }
    }
  }

  private static void visit(int width, int height, boolean dark) {
    browser.emulate(width, height, dark);
    browser.visit("http://127.0.0.1:" + stream.httpAddress().getPort() + "/");
  }

  private void produce(String id, String text, String subject) throws Exception {
    byte[] value = ReviewFormat.named("json").write(new Review(id, text, subject, null));
    broker.produce(List.of(new ProducerRecord<>(config.reviewsTopic(), id.getBytes(UTF_8), value)));
  }
}
