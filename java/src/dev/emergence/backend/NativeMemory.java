package dev.emergence.backend;

import dev.emergence.backend.Em.em_program;
import dev.emergence.backend.Em.em_tensor;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Buffer;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.HostArray;
import dev.emergence.tensor.HostDraw;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Memory, copies and programs of a native context. */
abstract class NativeMemory implements Backend {
  private final String name;
  private final NativeContext context;
  private final Set<NativeFeed> feeds = new LinkedHashSet<>();
  private final List<NativeFeed> recorded = new ArrayList<>();
  private boolean recording;

  NativeMemory(String name, NativeContext context) {
    this.name = name;
    this.context = context;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String description() {
    return name + ": " + context.description();
  }

  @Override
  public final void arithmetic(Arithmetic arithmetic) {
    if (name.equals("cuda")) {
      context.arithmetic(arithmetic);
    } else {
      Backend.super.arithmetic(arithmetic);
    }
  }

  @Override
  public final void range(String name, Runnable body) {
    context.check("range", Em.em_range_push(context.handle(), name));
    try {
      body.run();
    } finally {
      context.check("range", Em.em_range_pop(context.handle()));
    }
  }

  @Override
  public final void profile(boolean on) {
    context.check(
        "profile",
        on ? Em.em_profiler_start(context.handle()) : Em.em_profiler_stop(context.handle()));
  }

  @Override
  public final Buffer allocate(DType dtype, long elements) {
    return context.allocate(dtype, elements);
  }

  @Override
  public final void free(Buffer buffer) {
    context.free(buffer);
  }

  @Override
  public final long allocatedBytes() {
    return context.allocatedBytes();
  }

  @Override
  public final OptionalLong freeBytes() {
    return context.freeBytes();
  }

  @Override
  public final void write(Tensor to, double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    write(to, rounded);
  }

  @Override
  public final void write(Tensor to, float[] values) {
    expect("write", to, DType.F32, values.length);
    try (em_tensor view = view(to)) {
      int status =
          Em.em_write_floats(context.handle(), view, to.replicas(), to.perReplica(), values);
      context.check("write", status, to);
    }
  }

  @Override
  public final void write(Tensor to, int[] values) {
    expect("write", to, DType.I32, values.length);
    try (em_tensor view = view(to)) {
      int status = Em.em_write_ints(context.handle(), view, to.replicas(), to.perReplica(), values);
      context.check("write", status, to);
    }
  }

  @Override
  public final float[] floats(Tensor from) {
    expect("floats", from, DType.F32, from.size());
    float[] values = new float[Math.toIntExact(from.size())];
    try (em_tensor view = view(from)) {
      int status =
          Em.em_read_floats(context.handle(), view, from.replicas(), from.perReplica(), values);
      context.check("floats", status, from);
    }
    return values;
  }

  @Override
  public final double[] doubles(Tensor from) {
    float[] values = floats(from);
    double[] widened = new double[values.length];
    Arrays.setAll(widened, i -> values[i]);
    return widened;
  }

  @Override
  public final int[] ints(Tensor from) {
    expect("ints", from, DType.I32, from.size());
    int[] values = new int[Math.toIntExact(from.size())];
    try (em_tensor view = view(from)) {
      int status =
          Em.em_read_ints(context.handle(), view, from.replicas(), from.perReplica(), values);
      context.check("ints", status, from);
    }
    return values;
  }

  private em_tensor view(Tensor tensor) {
    em_tensor view = new em_tensor();
    context.put(view, tensor);
    return view;
  }

  private void expect(String operation, Tensor tensor, DType dtype, long values) {
    if (recording) {
      throw new IllegalStateException(
          operation + ": host values cannot move while a program is recorded");
    }
    if (tensor.dtype() != dtype || tensor.size() != values) {
      throw new IllegalArgumentException(
          operation
              + ": "
              + tensor
              + " holds "
              + tensor.size()
              + " values, got "
              + values
              + " of "
              + dtype);
    }
  }

  @Override
  public final StepProgram record(Runnable body) {
    if (recording) {
      throw new IllegalStateException("record: a program is being recorded already");
    }
    context.check("record", Em.em_record_begin(context.handle()));
    recording = true;
    recorded.clear();
    boolean complete = false;
    try {
      body.run();
      complete = true;
    } finally {
      recording = false;
      if (!complete) {
        Em.em_record_abandon(context.handle());
        recorded.forEach(NativeFeed::close);
      }
    }
    em_program program = Em.em_record_end(context.handle());
    context.check("record", program == null ? Em.em_last_status() : Em.EM_OK);
    return new NativeProgram(context, program, recorded);
  }

  final boolean recording() {
    return recording;
  }

  /** What feeds an operation of the program that is being recorded. */
  final NativeFeed feed(HostDraw draw) {
    NativeFeed feed = new NativeFeed(context, draw);
    feeds.removeIf(NativeFeed::isClosed);
    feeds.add(feed);
    recorded.add(feed);
    return feed;
  }

  @Override
  public final void redraw(HostDraw.Source source) {
    feeds.forEach(feed -> feed.redraw(source));
  }

  /** Outside a program: the host writes the outputs itself. */
  final void drawAtOnce(HostDraw draw) {
    int[] steps = ints(draw.step());
    List<HostArray> arrays = draw.room();
    for (int r = 0; r < steps.length; r++) {
      draw.fill(r, steps[r], arrays);
      for (int i = 0; i < arrays.size(); i++) {
        Tensor part = draw.out().get(i).replica(r);
        if (arrays.get(i).isFloats()) {
          write(part, arrays.get(i).floats());
        } else {
          write(part, arrays.get(i).ints());
        }
      }
    }
  }

  @Override
  public final void close() {
    feeds.forEach(NativeFeed::close);
    context.close();
  }
}
