package dev.emergence.reference;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Buffer;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The part of the reference backend that holds memory and records programs. */
abstract class HostMemory implements Backend {
  private List<Runnable> recording;
  private long allocated;

  @Override
  public final Buffer allocate(DType dtype, long elements) {
    HostBuffer buffer = new HostBuffer(dtype, elements);
    allocated += buffer.bytes();
    return buffer;
  }

  @Override
  public final void free(Buffer buffer) {
    HostBuffer b = (HostBuffer) buffer;
    b.free();
    allocated -= b.bytes();
  }

  @Override
  public final long allocatedBytes() {
    return allocated;
  }

  @Override
  public final void write(Tensor to, double[] values) {
    atOnce("write");
    Memory.write(to, values);
  }

  @Override
  public final void write(Tensor to, float[] values) {
    double[] widened = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      widened[i] = values[i];
    }
    write(to, widened);
  }

  @Override
  public final void write(Tensor to, int[] values) {
    atOnce("write");
    Memory.write(to, values);
  }

  @Override
  public final float[] floats(Tensor from) {
    double[] values = doubles(from);
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  @Override
  public final boolean isFloat64() {
    return true;
  }

  @Override
  public final double[] doubles(Tensor from) {
    atOnce("doubles");
    return Memory.readDoubles(from);
  }

  @Override
  public final int[] ints(Tensor from) {
    atOnce("ints");
    return Memory.readInts(from);
  }

  @Override
  public final StepProgram record(Runnable body) {
    atOnce("record");
    recording = new ArrayList<>();
    try {
      body.run();
      return new RecordedProgram(recording);
    } finally {
      recording = null;
    }
  }

  private void atOnce(String operation) {
    if (recording != null) {
      throw new IllegalStateException(
          operation + ": not possible while a program is recorded, it would not be replayed");
    }
  }

  /** Runs an operation, or appends it to the program that is being recorded. */
  final void run(Runnable operation) {
    if (recording != null) {
      recording.add(operation);
    } else {
      operation.run();
    }
  }
}
