package dev.valence.stream.page;

import dev.valence.stream.control.Assignment;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.types.Password;

/**
 * Who may change from the page which model scores, and how that is done.
 *
 * @param token what proves it: whoever has it may
 * @param orders takes the change
 */
public record Admin(Password token, Orders orders) {

  /** Tells the processors what to score with; safe for several threads. */
  @FunctionalInterface
  public interface Orders {

    /**
     * Changes what they are told.
     *
     * @param change from what they were told last
     * @return what they are told now
     * @throws IllegalStateException if there is nothing to change; so does {@code change}
     * @throws KafkaException if the brokers do not take it
     */
    Assignment tell(UnaryOperator<Assignment> change) throws InterruptedException;
  }
}
