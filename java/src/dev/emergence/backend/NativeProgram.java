package dev.emergence.backend;

import dev.emergence.backend.Em.em_program;
import dev.emergence.tensor.StepProgram;

/** A program recorded by a native context; a run is one native call. */
final class NativeProgram implements StepProgram {
  private final NativeContext context;
  private final em_program handle;
  private final int size;
  private boolean closed;

  NativeProgram(NativeContext context, em_program handle) {
    this.context = context;
    this.handle = handle;
    this.size = Math.toIntExact(Em.em_program_size(context.handle(), handle));
  }

  @Override
  public void run() {
    if (closed) {
      throw new IllegalStateException("the program is closed");
    }
    context.check("program", Em.em_program_run(context.handle(), handle));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      context.check("close program", Em.em_program_destroy(context.handle(), handle));
    }
  }
}
