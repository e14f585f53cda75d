package dev.valence.stream.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.valence.model.BatchPlanner;
import dev.valence.model.Explainer;
import dev.valence.model.ReviewScorer;
import dev.valence.model.Score;
import dev.valence.model.SentimentModel;
import dev.valence.model.TinyModel;
import dev.valence.schema.Review;
import dev.valence.schema.ReviewSentiment;
import dev.valence.stream.control.Assignment;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page over HTTP, with a real model behind it. */
class LivePageTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static SentimentModel model;
  private static ReviewScorer scorer;
  private static Explainer explainer;

  private static final String TOKEN = "a-token-for-this-test";

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<Assignment> told = new AtomicReference<>(Assignment.LATEST);
  private HttpServer server;
  private LivePage page;

  @BeforeAll
  static void loadModel(@TempDir Path directory) {
    TinyModel.write(directory.resolve("1"));
    model = SentimentModel.load(directory.resolve("1"));
    scorer = new ReviewScorer(model, new BatchPlanner());
    explainer = Explainer.withinTokens(model, new BatchPlanner(), Explainer.DEFAULT_MAX_TOKENS);
  }

  @AfterAll
  static void closeModel() {
    model.close();
  }

  @BeforeEach
  void start() throws IOException {
    start(null);
  }

  private void start(Admin admin) throws IOException {
    page =
        new LivePage(
            new CollectorRegistry(),
            () -> "RUNNING",
            () -> "",
            text -> new Verdict(sentiment("", text), explainer.explain(text)),
            List.of("Reviews.example.org"),
            admin);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", page);
    server.start();
    page.start();
  }

  @AfterEach
  void stop() {
    page.close();
    server.stop(0);
  }

  @Test
  void showsThePageAndAllowsNothingFromElsewhere() throws Exception {
    HttpResponse<String> answer = get("/");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("<title>Valence</title>").doesNotContain("style=");
    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .startsWith("default-src 'none'; script-src 'self';")
                    .doesNotContain("unsafe"));
    for (String file : List.of("page.css", "page.js", "charts.js", "icon.svg")) {
      assertThat(get("/page/" + file).statusCode()).as(file).isEqualTo(200);
    }
    assertThat(get("/page/LivePage.class").statusCode()).isEqualTo(404);
    assertThat(get("/page/../page.html").statusCode()).isEqualTo(404);
  }

  @Test
  void saysThatItsProcessorIsStopping() throws Exception {
    page.close();

    HttpResponse<String> answer = get("/page/events");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("The processor is stopping.");
  }

  /** A foreign site can point a name here, but no address. */
  @Test
  void answersToAddressesAndToItsOwnNamesOnly() throws IOException {
    assertThat(statusLineFor("localhost:8650")).contains(" 200 ");
    assertThat(statusLineFor("127.0.0.1")).contains(" 200 ");
    assertThat(statusLineFor("192.0.2.7:8650")).contains(" 200 ");
    assertThat(statusLineFor("[2001:db8::7]:8650")).contains(" 200 ");
    assertThat(statusLineFor("reviews.example.org")).contains(" 200 ");
    assertThat(statusLineFor("evil.example:8650")).contains(" 403 ");
    assertThat(statusLineFor("localhost.evil.example")).contains(" 403 ");
    assertThat(statusLineFor("127.0.0.1.evil.example")).contains(" 403 ");
  }

  @Test
  void scoresWhatIsTriedAndSaysWhy() throws Exception {
    HttpResponse<String> answer = post("{\"text\": \"A great film, but the kettle was bad.\"}");

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode review = JSON.readTree(answer.body());
    assertThat(review.path("label").asText()).isEqualTo("positive");
    assertThat(weightOf(review, "great")).isGreaterThan(0.1);
    assertThat(weightOf(review, "bad")).isLessThan(-0.1);
  }

  @Test
  void scoresNothingForAnotherSite() throws Exception {
    String body = "{\"text\": \"A great film.\"}";
    String self = "http://127.0.0.1:" + server.getAddress().getPort();

    assertThat(post(body, "Origin", self).statusCode()).isEqualTo(200);
    assertThat(post(body, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(post(body, "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(post(body, "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
    assertThat(post(body, "Content-Type", "text/plain").statusCode()).isEqualTo(403);
  }

  @Test
  void refusesWhatIsNotAReview() throws Exception {
    assertThat(post("{\"text\": 3}").statusCode()).isEqualTo(400);
    assertThat(post("no JSON").statusCode()).isEqualTo(400);
    assertThat(post("{\"text\": \"" + "long ".repeat(10_000) + "\"}").statusCode()).isEqualTo(413);
    assertThat(get("/page/score").statusCode()).isEqualTo(405);
  }

  @Test
  void turnsAwayWhoTriesTooManyAtOnce() throws Exception {
    List<Integer> statuses =
        IntStream.range(0, 20).mapToObj(i -> statusOf("{\"text\": \"\"}")).toList();

    assertThat(statuses).startsWith(200).contains(429);
  }

  @Test
  void hasNoWayToChangeAnythingUnlessThereIsAToken() throws Exception {
    String order = "{\"do\": \"activate\", \"version\": 2}";

    HttpResponse<String> answer = order(order, "Bearer " + TOKEN);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.body()).isEqualTo(postTo("/page/nothing", order).body());
    assertThat(get("/page/model").statusCode()).isEqualTo(404);
  }

  @Test
  void changesTheModelForWhoHasTheToken() throws Exception {
    startWithAdmin();

    assertThat(order("{\"do\": \"activate\", \"version\": 2}", "Bearer " + TOKEN).body())
        .isEqualTo("{\"told\":\"version 2 is to serve\"}");
    assertThat(order("{\"do\": \"activate\", \"version\": 4}", "Bearer " + TOKEN).body())
        .isEqualTo("{\"told\":\"version 4 is to serve; before: 2\"}");
    assertThat(order("{\"do\": \"rollback\"}", "Bearer " + TOKEN).statusCode()).isEqualTo(200);
    assertThat(told.get().version()).isEqualTo(2);
    assertThat(order("{\"do\": \"activate\"}", "Bearer " + TOKEN).statusCode()).isEqualTo(200);
    assertThat(told.get().version()).isNull();
  }

  @Test
  void changesNothingForAnybodyElse() throws Exception {
    startWithAdmin();
    String order = "{\"do\": \"activate\", \"version\": 2}";

    assertThat(order(order, "Bearer " + TOKEN + "x").statusCode()).isEqualTo(401);
    assertThat(order(order, TOKEN).statusCode()).isEqualTo(401);
    HttpResponse<String> without = postTo("/page/model", order);
    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(without.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    assertThat(
            postTo("/page/model", order, "Authorization", "Bearer " + TOKEN, "Origin", "http://x")
                .statusCode())
        .isEqualTo(403);
    assertThat(get("/page/model").statusCode()).isEqualTo(405);
    assertThat(told.get()).isEqualTo(Assignment.LATEST);
  }

  @Test
  void saysWhatCannotBeDone() throws Exception {
    startWithAdmin();

    HttpResponse<String> rollback = order("{\"do\": \"rollback\"}", "Bearer " + TOKEN);

    assertThat(rollback.statusCode()).isEqualTo(409);
    assertThat(rollback.body()).contains("no version is known that served before");
    for (String nonsense :
        List.of("no JSON", "{\"do\": \"stop\"}", "{\"do\": \"activate\", \"version\": -1}")) {
      assertThat(order(nonsense, "Bearer " + TOKEN).statusCode()).as(nonsense).isEqualTo(400);
    }
  }

  @Test
  void letsNobodyGuessManyTokens() throws Exception {
    startWithAdmin();

    for (int guess = 0; guess < 20; guess++) {
      order("{\"do\": \"rollback\"}", "Bearer guess-" + guess);
    }

    assertThat(order("{\"do\": \"activate\"}", "Bearer " + TOKEN).statusCode()).isEqualTo(429);
  }

  @Test
  void tellsViewersTheBeginningOfWhatIsLong() throws Exception {
    Iterator<String> lines = follow();

    page.scored(
        new Review("r-1", "good ".repeat(100_000), "film ".repeat(100_000), null),
        sentiment("r-1", "good"));

    JsonNode review = next(lines, "reviews");
    while (review.isEmpty()) {
      review = next(lines, "reviews");
    }
    assertThat(review.get(0).path("cut").asBoolean()).isTrue();
    assertThat(review.toString()).hasSizeLessThan(4_000);
  }

  @Test
  void tellsViewersOfReviewsAndThenOfTheirWords() throws Exception {
    Iterator<String> lines = follow();
    String text = "An awful film <script>alert(1)</script>";

    page.scored(new Review("r-1", text, "film", null), sentiment("r-1", text));

    JsonNode review = next(lines, "reviews");
    while (review.isEmpty()) {
      review = next(lines, "reviews");
    }
    assertThat(review.get(0).path("subject").asText()).isEqualTo("film");
    assertThat(review.get(0).path("text").asText()).isEqualTo(text);
    JsonNode words = next(lines, "words");
    assertThat(words.path("number").asLong()).isEqualTo(review.get(0).path("number").asLong());
    assertThat(words.path("words")).isNotEmpty();
    JsonNode figures = next(lines, "figures");
    while (figures.path("scored").asLong() == 0) {
      figures = next(lines, "figures");
    }
    assertThat(figures.path("subjects").get(0).path("subject").asText()).isEqualTo("film");
  }

  @Test
  void showsANewViewerTheLatestReviews() throws Exception {
    Iterator<String> first = follow();
    page.scored(new Review("r-1", "Good.", null, null), sentiment("r-1", "Good."));
    next(first, "words");

    JsonNode greeting = next(follow(), "reviews");

    assertThat(greeting).hasSize(1);
    assertThat(greeting.get(0).path("words")).isNotEmpty();
  }

  @Test
  void worksTheWordsOfEarlierReviewsOutOnceSomebodyLooks() throws Exception {
    page.scored(new Review("r-1", "Good.", null, null), sentiment("r-1", "Good."));
    page.scored(new Review("r-2", "Bad.", null, null), sentiment("r-2", "Bad."));

    Iterator<String> lines = follow();

    assertThat(next(lines, "words").path("words")).isNotEmpty();
    assertThat(next(lines, "words").path("words")).isNotEmpty();
  }

  private static double weightOf(JsonNode review, String word) {
    int start = review.path("text").asText().indexOf(word);
    for (JsonNode candidate : review.path("words")) {
      if (candidate.path("start").asInt() == start) {
        return candidate.path("weight").asDouble();
      }
    }
    throw new AssertionError("no weight of " + word + " in " + review);
  }

  private static ReviewSentiment sentiment(String id, String text) {
    Score score = scorer.score(List.of(model.textPipeline().encode(text))).get(0);
    return ReviewSentiment.newBuilder()
        .setReviewId(id)
        .setLabel(score.label())
        .setProbabilities(
            Map.of("negative", score.probabilities()[0], "positive", score.probabilities()[1]))
        .setModelName("tiny")
        .setModelVersion(1)
        .setTokens(score.tokens())
        .setUnknownTokens(score.unknownTokens())
        .setTruncated(score.truncated())
        .setScoredAt(Instant.now())
        .build();
  }

  /** Lines of the events, as they come. */
  private Iterator<String> follow() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri("/page/events")).build();
    return client.send(request, BodyHandlers.ofLines()).body().iterator();
  }

  private static JsonNode next(Iterator<String> lines, String event) throws IOException {
    while (!lines.next().equals("event: " + event)) {
      // Another event.
    }
    return JSON.readTree(lines.next().substring("data: ".length()));
  }

  private String statusLineFor(String host) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
      String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readNBytes(32), ISO_8859_1);
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private int statusOf(String body) {
    try {
      return post(body).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void startWithAdmin() throws IOException {
    stop();
    start(new Admin(new Password(TOKEN), change -> told.updateAndGet(change)));
  }

  private HttpResponse<String> order(String body, String authorization)
      throws IOException, InterruptedException {
    return postTo("/page/model", body, "Authorization", authorization);
  }

  private HttpResponse<String> post(String body, String... headers)
      throws IOException, InterruptedException {
    return postTo("/page/score", body, headers);
  }

  private HttpResponse<String> postTo(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body));
    request.setHeader("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }
}
