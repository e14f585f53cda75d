package dev.valence.stream.format;

import io.apicurio.registry.rest.client.RegistryClient;
import io.apicurio.registry.rest.client.exception.ConflictException;
import io.apicurio.registry.rest.client.exception.NotFoundException;
import io.apicurio.registry.rest.client.exception.RuleViolationException;
import io.apicurio.registry.rest.v2.beans.IfExists;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schemas and their ids, from a schema registry. What was answered once is remembered, so a stream
 * whose schemas are known runs on while the registry is down. Safe for use by many threads.
 *
 * <p>A registry that does not answer is asked again, at growing distances. Only its own word that
 * it does not have a schema counts as that: a 404 that some proxy made up does not.
 */
public final class SchemaRegistry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistry.class);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final long UNKNOWN_STAYS_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int MOST_UNKNOWN = 1_000;
  private static final String GROUP = "default";

  private final RegistryConnection connection;
  private final Duration patience;
  private final RegistryClient client;
  private final ExecutorService requests =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "schema-registry");
            thread.setDaemon(true);
            return thread;
          });
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ConcurrentHashMap<Integer, Schema> schemas = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Integer> ids = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, Long> unknown = new ConcurrentHashMap<>();

  /**
   * @param connection where the registry is
   * @param patience how long to ask a registry that does not answer
   */
  public SchemaRegistry(RegistryConnection connection, Duration patience) {
    this.connection = connection;
    this.patience = patience;
    this.client = connection.client();
  }

  /** Ends all waiting for an answer; what is known already stays known. */
  @Override
  public void close() {
    closed.countDown();
  }

  /**
   * The schema of that id.
   *
   * @throws UnreadableRecordException if the registry has none, or it is not Avro
   * @throws SchemaRegistryUnavailableException if the registry does not answer
   */
  Schema schema(int id) throws UnreadableRecordException {
    Schema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    refuseIfUnknown(id);
    String text;
    try {
      text = ask("the schema with id " + id, () -> read(client.getContentById(id)));
    } catch (NotFoundException e) {
      rememberUnknown(id);
      throw new UnreadableRecordException("the schema registry has no schema with id " + id, e);
    }
    try {
      Schema schema = new Schema.Parser().parse(text);
      schemas.put(id, schema);
      return schema;
    } catch (AvroRuntimeException e) {
      throw new UnreadableRecordException(
          "the schema with id " + id + " is not an Avro schema that stands alone", e);
    }
  }

  /**
   * The id of that schema under a subject, where it is put if it is not there yet and may be.
   *
   * @throws SchemaRefusedException if the registry's rules forbid it, or it is not there and may
   *     not be put there
   * @throws SchemaRegistryUnavailableException if the registry does not answer
   */
  int id(String subject, Schema schema) {
    Integer known = ids.get(subject);
    if (known != null) {
      return known;
    }
    byte[] text = schema.toString().getBytes(StandardCharsets.UTF_8);
    try {
      int id = Math.toIntExact(ask("the id of " + subject, () -> lookUp(subject, text)));
      ids.put(subject, id);
      schemas.put(id, schema);
      return id;
    } catch (NotFoundException e) {
      throw new SchemaRefusedException(
          "the schema registry at %s does not have the schema of %s: %s. Register it as %s there."
              .formatted(connection.url(), schema.getFullName(), e.getMessage(), subject));
    } catch (RuleViolationException | ConflictException e) {
      throw new SchemaRefusedException(
          "the schema registry at %s refuses the schema of %s as %s: %s. Choose another topic, or change the subject's rules."
              .formatted(connection.url(), schema.getFullName(), subject, e.getMessage()));
    }
  }

  private long lookUp(String subject, byte[] schema) {
    InputStream content = new ByteArrayInputStream(schema);
    return connection.register()
        ? client
            .createArtifact(GROUP, subject, null, "AVRO", IfExists.RETURN_OR_UPDATE, false, content)
            .getContentId()
        : client.getArtifactVersionMetaDataByContent(GROUP, subject, false, content).getContentId();
  }

  /** Asks until there is an answer, be it that there is no such thing, or patience ends. */
  private <T> T ask(String what, Callable<T> request) {
    long deadline = System.nanoTime() + patience.toNanos();
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      try {
        T answer = answerOf(request);
        if (pause > FIRST_PAUSE_MILLIS) {
          LOG.info("The schema registry at {} answers again.", connection.url());
        }
        return answer;
      } catch (NotFoundException | RuleViolationException | ConflictException e) {
        throw e;
      } catch (RuntimeException | TimeoutException e) {
        if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause) > deadline) {
          throw unavailable(what, e);
        }
        if (pause == FIRST_PAUSE_MILLIS) {
          LOG.warn("{} Asking again.", unavailable(what, e).getMessage());
        }
      }
      if (isClosedWithin(pause)) {
        throw unavailable(what, new IllegalStateException("it is closed"));
      }
    }
  }

  /** The client itself would wait for ever for a registry that accepts a connection and is mute. */
  private <T> T answerOf(Callable<T> request) throws TimeoutException {
    Future<T> answer = requests.submit(request);
    try {
      return answer.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      answer.cancel(true);
    }
  }

  private void refuseIfUnknown(int id) throws UnreadableRecordException {
    Long since = unknown.get(id);
    if (since != null && System.nanoTime() - since < UNKNOWN_STAYS_NANOS) {
      throw new UnreadableRecordException("the schema registry has no schema with id " + id);
    }
  }

  /** Ids come from strangers, so what is remembered of them is bounded. */
  private void rememberUnknown(int id) {
    if (unknown.size() >= MOST_UNKNOWN) {
      unknown.clear();
    }
    unknown.put(id, System.nanoTime());
  }

  private SchemaRegistryUnavailableException unavailable(String what, Exception e) {
    String reason = e instanceof TimeoutException ? "no answer in time" : deepestMessage(e);
    return new SchemaRegistryUnavailableException(
        "the schema registry at %s was asked for %s and did not say: %s."
            .formatted(connection.url(), what, reason),
        e);
  }

  private boolean isClosedWithin(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static SchemaRegistryUnavailableException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SchemaRegistryUnavailableException(
        "interrupted while waiting for the schema registry", e);
  }

  private static String read(InputStream content) throws IOException {
    try (content) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String deepestMessage(Throwable thrown) {
    Throwable last = thrown;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }
}
