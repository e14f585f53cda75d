package dev.valence.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class FailurePolicyTest {

  private final FailurePolicy policy = new FailurePolicy();

  @Test
  void replacesAThreadThatDiedOfAPassingFault() {
    Throwable passing = new StreamsException("no flush", new TimeoutException("60000 ms passed"));

    assertThat(policy.handle(passing)).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    assertThat(policy.failure()).isEmpty();
  }

  @Test
  void replacesAThreadWhoseTransactionEndedUnderIt() {
    Throwable ended =
        new StreamsException("no commit", new InvalidTxnStateException("an invalid state"));

    assertThat(policy.handle(ended)).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    assertThat(policy.failure()).isEmpty();
  }

  @Test
  void replacesAThreadThatCouldNotCommitBesideACorruptedTask() {
    Throwable corrupted =
        new StreamsException(
            "no flush",
            new IllegalStateException(
                "an earlier batch was not answered",
                new TaskCorruptedException(Set.of(new TaskId(0, 1)))));

    assertThat(policy.handle(corrupted)).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    assertThat(policy.failure()).isEmpty();
  }

  @Test
  void stopsForWhatWouldHappenAgain() {
    Throwable broken =
        new StreamsException(
            "no flush", new BrokenModelException(new IllegalStateException("no\nsession")));

    assertThat(policy.handle(broken)).isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    assertThat(policy.failure())
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .hasMessage("the stream stopped: the model fails on every review: no session")
                    .hasCause(broken));
  }

  @Test
  void saysWhatToRaiseForARecordThatIsTooLarge() {
    policy.handle(new StreamsException("no send", new RecordTooLargeException("2 MB.")));

    assertThat(policy.failure().orElseThrow())
        .hasMessage(
            "the stream stopped: 2 MB. Raise max.message.bytes of the output topics, or kafka.producer.max.request.size.");
  }

  @Test
  void saysWhatToRaiseForATimeThatATopicRefuses() {
    policy.handle(new StreamsException("no send", new InvalidTimestampException("Too old.")));

    assertThat(policy.failure().orElseThrow())
        .hasMessageStartingWith("the stream stopped: Too old. What comes of a review bears")
        .hasMessageContaining("message.timestamp.before.max.ms");
  }

  @Test
  void remembersTheFirstOfSeveralFailures() {
    policy.handle(new IllegalStateException("first"));
    policy.handle(new IllegalStateException("second"));

    assertThat(policy.failure().orElseThrow()).hasMessage("the stream stopped: first");
  }
}
