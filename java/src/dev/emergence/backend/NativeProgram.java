package dev.emergence.backend;

import dev.emergence.backend.Em.em_program;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.StepProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A program recorded by a native context; a run is one native call. */
final class NativeProgram implements StepProgram {
  /** In the place of an arithmetic: NVIDIA's library multiplies. */
  private static final int LIBRARY = -1;

  private final NativeContext context;
  private final em_program handle;
  private final List<NativeFeed> feeds;
  private final int size;
  private boolean closed;

  /**
   * @param feeds what its operations are fed by; closed with it
   */
  NativeProgram(NativeContext context, em_program handle, List<NativeFeed> feeds) {
    this.context = context;
    this.handle = handle;
    this.feeds = List.copyOf(feeds);
    this.size = Math.toIntExact(Em.em_program_size(context.handle(), handle));
  }

  @Override
  public void run() {
    if (closed) {
      throw new IllegalStateException("the program is closed");
    }
    int status = Em.em_program_run(context.handle(), handle);
    if (status != Em.EM_OK) {
      feeds.forEach(NativeFeed::rethrow);
    }
    context.check("program", status);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int launches() {
    if (closed) {
      throw new IllegalStateException("the program is closed");
    }
    return Math.toIntExact(Em.em_program_launches(context.handle(), handle));
  }

  @Override
  public List<List<Integer>> joined(Optional<Arithmetic> arithmetic) {
    if (closed) {
      throw new IllegalStateException("the program is closed");
    }
    Map<Long, List<Integer>> groups = new TreeMap<>();
    int code = arithmetic.map(NativeContext::code).orElse(LIBRARY);
    for (int i = 0; i < size; i++) {
      long first = Em.em_program_joined(context.handle(), handle, code, i);
      groups.computeIfAbsent(first, none -> new ArrayList<>()).add(i);
    }
    return List.copyOf(groups.values());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      context.check("close program", Em.em_program_destroy(context.handle(), handle));
      feeds.forEach(NativeFeed::close);
    }
  }
}
