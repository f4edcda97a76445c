package dev.emergence.backend;

import dev.emergence.backend.Em.em_feed;
import dev.emergence.tensor.HostArray;
import dev.emergence.tensor.HostDraw;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * Draws the batches of one operation of a program ahead of time, on a thread of its own. The thread
 * waits in the native ring until a batch is wanted.
 */
final class NativeFeed implements AutoCloseable {
  private static final int SLOTS = 4;

  private final NativeContext context;
  private final HostDraw draw;
  private final em_feed handle;
  private final Thread thread;
  private final List<HostArray> arrays;
  private final long perReplica;
  private volatile Throwable failure;
  private boolean closed;

  NativeFeed(NativeContext context, HostDraw draw) {
    this.context = context;
    this.draw = draw;
    this.arrays = draw.room();
    this.perReplica = arrays.stream().mapToLong(HostArray::size).sum();
    this.handle = context.createFeed(draw.step().replicas(), perReplica, SLOTS);
    this.thread = new Thread(this::fill, "emergence-draw");
    thread.setDaemon(true);
    thread.start();
  }

  boolean isClosed() {
    return closed;
  }

  /** For the functions of {@link Em}. */
  em_feed handle() {
    return handle;
  }

  /** Forgets what was drawn ahead, if this is the source. */
  void redraw(HostDraw.Source source) {
    if (!closed && draw.source() == source) {
      context.check("forget feed", Em.em_feed_forget(context.handle(), handle));
    }
  }

  /** Raises what the source raised, if it did; the device knows only its text. */
  void rethrow() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  private void fill() {
    int replicas = draw.step().replicas();
    int[] steps = new int[replicas];
    try (IntPointer wanted = new IntPointer(replicas)) {
      for (IntPointer slot = Em.em_feed_claim(handle, wanted);
          slot != null && !slot.isNull();
          slot = Em.em_feed_claim(handle, wanted)) {
        wanted.get(steps);
        fill(slot, steps);
        Em.em_feed_publish(handle);
      }
    } catch (Throwable e) { // checked ones as well: a reader would wait for this thread for ever
      failure = e;
      Em.em_feed_fail(handle, e instanceof IllegalStateException ? e.getMessage() : e.toString());
    }
  }

  private void fill(IntPointer slot, int[] steps) {
    FloatPointer floats = new FloatPointer(slot);
    long at = 0;
    for (int r = 0; r < steps.length; r++) {
      draw.fill(r, steps[r], arrays);
      for (HostArray array : arrays) {
        if (array.isFloats()) {
          floats.position(at).put(array.floats(), 0, array.size());
        } else {
          slot.position(at).put(array.ints(), 0, array.size());
        }
        at += array.size();
      }
    }
  }

  /** Ends the thread and frees the ring. Programs that use it must be closed. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    context.check("close feed", Em.em_feed_close(context.handle(), handle));
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the thread ends by itself, after at most one batch
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    context.check("close feed", Em.em_feed_destroy(context.handle(), handle));
  }
}
