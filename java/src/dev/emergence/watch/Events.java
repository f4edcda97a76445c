package dev.emergence.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;

/**
 * What changed, for those who listen. A listener who falls behind is told to ask for everything
 * again; one who comes back gets what was missed, as far as it is remembered. Thread-safe.
 */
final class Events {
  private static final int REMEMBERED = 1000;
  private static final int BEHIND = 64;

  private final Deque<Event> past = new ArrayDeque<>();
  private final Set<Listener> listeners = new CopyOnWriteArraySet<>();
  private boolean closed;

  /**
   * One change.
   *
   * @param seq the snapshot's number after it
   * @param json a patch
   */
  record Event(long seq, String json) {}

  /** One who listens. */
  static final class Listener {
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(BEHIND);
    private volatile boolean behind;

    /** The next change; empty when none comes in time. */
    Optional<Event> next(long seconds) throws InterruptedException {
      return Optional.ofNullable(queue.poll(seconds, TimeUnit.SECONDS));
    }

    /** Whether something was lost; asking forgets it. */
    boolean fellBehind() {
      boolean was = behind;
      if (was) {
        queue.clear();
        behind = false;
      }
      return was;
    }
  }

  /**
   * Listens.
   *
   * @param after the last number that was heard; none when it is negative
   */
  synchronized Listener listen(long after) {
    Listener listener = new Listener();
    if (after >= 0) {
      List<Event> missed = new ArrayList<>();
      past.stream().filter(e -> e.seq() > after).forEach(missed::add);
      boolean whole = missed.isEmpty() || missed.get(0).seq() == after + 1;
      listener.behind = !whole || missed.size() > BEHIND;
      if (!listener.behind) {
        listener.queue.addAll(missed);
      }
    }
    listeners.add(listener);
    return listener;
  }

  void leave(Listener listener) {
    listeners.remove(listener);
  }

  int listeners() {
    return listeners.size();
  }

  synchronized void send(Event event) {
    past.addLast(event);
    if (past.size() > REMEMBERED) {
      past.removeFirst();
    }
    for (Listener listener : listeners) {
      if (!listener.queue.offer(event)) {
        listener.behind = true;
      }
    }
  }

  synchronized void close() {
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
