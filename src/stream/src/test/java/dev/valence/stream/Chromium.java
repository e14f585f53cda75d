package dev.valence.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A headless Chromium with one page, driven over its DevTools protocol.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
final class Chromium implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String LISTENING = "DevTools listening on ws://";
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private WebSocket page;

  private Chromium(Process process) {
    this.process = process;
  }

  /** The program, or empty where none is installed. */
  static Optional<Path> installed() {
    return InstalledPrograms.find("chromium", "chromium-browser", "google-chrome");
  }

  /**
   * Starts it with an empty profile and an empty page.
   *
   * @param profile an empty directory
   */
  static Chromium start(Path program, Path profile) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "--user-data-dir=" + profile)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Chromium chromium = new Chromium(process);
    try {
      chromium.open(chromium.awaitAddress());
      return chromium;
    } catch (IOException | InterruptedException | RuntimeException e) {
      chromium.close();
      throw e;
    }
  }

  /** Goes to an address. */
  void visit(String url) {
    call("Page.navigate", JSON.createObjectNode().put("url", url));
  }

  /** What an expression of JavaScript comes to in the page, as text; promises are awaited. */
  String evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            JSON.createObjectNode()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value").asText();
  }

  /** Waits until an expression of JavaScript is true in the page. */
  void await(String condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    // While a page loads, its elements are not there yet.
    String holds =
        "(() => { try { return Boolean(" + condition + "); } catch { return false; } })()";
    while (!evaluate(holds).equals("true")) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            condition + " did not come true in: " + evaluate("document.body.innerText"));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Types into whatever has the focus. */
  void type(String text) {
    call("Input.insertText", JSON.createObjectNode().put("text", text));
  }

  /** Presses and releases a key. */
  void press(String key, int code) {
    for (String type : List.of("keyDown", "keyUp")) {
      ObjectNode event =
          JSON.createObjectNode()
              .put("type", type)
              .put("key", key)
              .put("windowsVirtualKeyCode", code);
      if (key.equals("Enter") && type.equals("keyDown")) {
        event.put("text", "\r");
      }
      call("Input.dispatchKeyEvent", event);
    }
  }

  /** Shows pages as on a screen of that size, dark or not. */
  void emulate(int width, int height, boolean dark) {
    call(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", width < 600));
    ObjectNode media = JSON.createObjectNode();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", media);
  }

  /** Errors that the page's scripts and policy have caused so far. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String awaitAddress() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread drain = new Thread(() -> lines.lines().forEach(rest -> {}), "chromium-messages");
        drain.setDaemon(true);
        drain.start();
        return line.substring(LISTENING.length()).replaceFirst("/.*", "");
      }
    }
    throw new IOException("Chromium ended before it listened");
  }

  private void open(String address) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/json/new?about:blank"))
            .PUT(BodyPublishers.noBody())
            .build();
    String target = client.send(request, BodyHandlers.ofString()).body();
    String socket = JSON.readTree(target).path("webSocketDebuggerUrl").asText();
    page = client.newWebSocketBuilder().buildAsync(URI.create(socket), new Listener()).join();
    call("Page.enable", JSON.createObjectNode());
    call("Runtime.enable", JSON.createObjectNode());
    call("Log.enable", JSON.createObjectNode());
  }

  private JsonNode call(String method, ObjectNode parameters) {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    page.sendText(message.toString(), true).join();
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private void receive(String message) {
    try {
      JsonNode node = JSON.readTree(message);
      String method = node.path("method").asText();
      if (node.has("id")) {
        answers.remove(node.path("id").asInt()).complete(node.path("result"));
      } else if (method.equals("Runtime.exceptionThrown")) {
        complaints.add(node.path("params").path("exceptionDetails").toString());
      } else if (method.equals("Log.entryAdded")
          && node.path("params").path("entry").path("level").asText().equals("error")) {
        complaints.add(node.path("params").path("entry").toString());
      }
    } catch (IOException e) {
      complaints.add("not JSON: " + message);
    }
  }

  /** Joins the parts of messages. */
  private final class Listener implements WebSocket.Listener {

    private final List<CharSequence> parts = new ArrayList<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      parts.add(data.toString());
      if (last) {
        receive(String.join("", parts));
        parts.clear();
      }
      socket.request(1);
      return null;
    }
  }
}
