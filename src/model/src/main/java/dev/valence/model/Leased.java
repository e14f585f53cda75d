package dev.valence.model;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that many threads use while its owner replaces it, a model above all: it is closed when
 * the owner has retired it and the last lease on it has come back, and never before. Safe for use
 * by many threads.
 *
 * @param <T> what is leased
 */
public final class Leased<T> {

  private final T value;
  private final Runnable closing;

  /** One for the owner, until it retires this, and one for each lease. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private final AtomicBoolean retired = new AtomicBoolean();

  /**
   * @param value what is leased
   * @param closing closes it; runs once, in the thread that gives the last hold up
   */
  public Leased(T value, Runnable closing) {
    this.value = Objects.requireNonNull(value, "value");
    this.closing = Objects.requireNonNull(closing, "closing");
  }

  /** Takes a lease, to be closed; empty if it is too late and the value is closed. */
  public Optional<Lease<T>> lease() {
    int before = holders.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    return before == 0 ? Optional.empty() : Optional.of(new Lease<>(this));
  }

  /** Lets the value be closed as soon as no lease is out. Retiring twice does nothing more. */
  public void retire() {
    if (retired.compareAndSet(false, true)) {
      release();
    }
  }

  private void release() {
    if (holders.decrementAndGet() == 0) {
      closing.run();
    }
  }

  /**
   * The right to use the value until this is closed.
   *
   * @param <T> what is leased
   */
  public static final class Lease<T> implements AutoCloseable {

    private final Leased<T> leased;
    private final AtomicBoolean returned = new AtomicBoolean();

    private Lease(Leased<T> leased) {
      this.leased = leased;
    }

    /**
     * What is leased.
     *
     * @throws IllegalStateException if this lease is closed
     */
    public T value() {
      if (returned.get()) {
        throw new IllegalStateException("the lease was returned");
      }
      return leased.value;
    }

    /** Returns the lease. Closing twice does nothing more. */
    @Override
    public void close() {
      if (returned.compareAndSet(false, true)) {
        leased.release();
      }
    }
  }
}
