package dev.emergence.reference;

import dev.emergence.tensor.StepProgram;
import java.util.List;

/** A list of operations, called one after the other. */
final class RecordedProgram implements StepProgram {
  private final List<Runnable> operations;
  private boolean closed;

  RecordedProgram(List<Runnable> operations) {
    this.operations = List.copyOf(operations);
  }

  @Override
  public void run() {
    if (closed) {
      throw new IllegalStateException("program of " + size() + " operations is closed");
    }
    operations.forEach(Runnable::run);
  }

  @Override
  public int size() {
    return operations.size();
  }

  @Override
  public void close() {
    closed = true;
  }
}
