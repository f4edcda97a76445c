package dev.emergence.backend;

import dev.emergence.backend.Em.em_buffer;
import dev.emergence.backend.Em.em_context;
import dev.emergence.backend.Em.em_context_options;
import dev.emergence.backend.Em.em_feed;
import dev.emergence.backend.Em.em_tensor;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Buffer;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import dev.emergence.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A native context, its buffers, and the way from native errors to exceptions. */
final class NativeContext implements AutoCloseable {
  private final em_context handle;
  private boolean closed;

  private NativeContext(em_context handle) {
    this.handle = handle;
  }

  /**
   * Opens the processor.
   *
   * @param instructionSet of the kernels: amx, avx512, avx2, plain; empty for the best, or what the
   *     environment's EM_ISA names
   * @throws DeviceException UNAVAILABLE when the library cannot be loaded, or the processor has no
   *     such instructions
   */
  static NativeContext openCpu(int threads, Optional<String> instructionSet) {
    NativeLibrary.load();
    try (em_context_options options = new em_context_options();
        BytePointer set = text(instructionSet)) {
      return open(options.kind(Em.EM_DEVICE_CPU).threads(threads).instruction_set(set));
    }
  }

  /**
   * Opens a GPU, whose {@link #products} are still to be chosen.
   *
   * @param library our CUDA library
   * @throws DeviceException UNAVAILABLE when a library cannot be loaded, or there is no such GPU
   */
  static NativeContext openCuda(int device, Path library) {
    NativeLibrary.load();
    try (em_context_options options = new em_context_options();
        BytePointer path = text(Optional.of(library.toString()))) {
      return open(options.kind(Em.EM_DEVICE_CUDA).device(device).threads(1).library(path));
    }
  }

  /** A C string, or NULL; options start as zeros. */
  private static BytePointer text(Optional<String> text) {
    return text.isPresent() ? new BytePointer(text.get()) : new BytePointer((Pointer) null);
  }

  private static NativeContext open(em_context_options options) {
    em_context handle = Em.em_context_open(options);
    if (handle == null) {
      throw failure("open", "");
    }
    return new NativeContext(handle);
  }

  /** For the functions of {@link Em}. */
  em_context handle() {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
    return handle;
  }

  String description() {
    return Em.em_context_description(handle()).getString();
  }

  NativeBuffer allocate(DType dtype, long elements) {
    em_buffer buffer = Em.em_buffer_create(handle(), elements);
    if (buffer == null) {
      throw failure("allocate", " for " + elements + " elements of " + dtype);
    }
    return new NativeBuffer(this, dtype, elements, buffer);
  }

  void free(Buffer buffer) {
    NativeBuffer mine = own(buffer);
    check("free", Em.em_buffer_destroy(handle(), mine.handle()));
    mine.markFreed();
  }

  em_feed createFeed(int replicas, long elements, int slots) {
    em_feed feed = Em.em_feed_create(handle(), replicas, elements, slots);
    if (feed == null) {
      throw failure("create feed", " for " + elements + " elements of " + replicas + " replicas");
    }
    return feed;
  }

  long allocatedBytes() {
    return Em.em_allocated_bytes(handle());
  }

  /** Memory that the device could still give; empty where that is not known. */
  OptionalLong freeBytes() {
    long bytes = Em.em_free_bytes(handle());
    return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  /** Makes a native tensor the same view as ours. */
  void put(em_tensor to, Tensor from) {
    to.buffer(own(from.buffer()).handle())
        .offset(from.offset())
        .replica_stride(from.replicaStride());
  }

  /** As {@link #put(em_tensor, Tensor)}; absent is a tensor without buffer. */
  void put(em_tensor to, Optional<Tensor> from) {
    if (from.isPresent()) {
      put(to, from.get());
    } else {
      to.buffer(null);
    }
  }

  private NativeBuffer own(Buffer buffer) {
    if (buffer instanceof NativeBuffer mine && mine.isOf(this)) {
      return mine;
    }
    throw new IllegalArgumentException(
        "a tensor of another backend, or of a closed one: " + buffer);
  }

  /** Raises an exception that names operation and shapes unless the status is {@link Em#EM_OK}. */
  void check(String operation, int status, Tensor... tensors) {
    if (status != Em.EM_OK) {
      throw failure(operation, tensors.length == 0 ? "" : " for " + Arrays.toString(tensors));
    }
  }

  private static RuntimeException failure(String operation, String shapes) {
    String error = Em.em_last_error().getString();
    String message = operation + shapes + ": " + error;
    return switch (Em.em_last_status()) {
      case Em.EM_BAD_ARGUMENT -> new IllegalArgumentException(message);
      case Em.EM_OUT_OF_MEMORY -> new DeviceException(Reason.OUT_OF_MEMORY, message);
      case Em.EM_UNAVAILABLE -> new DeviceException(Reason.UNAVAILABLE, sentence(error));
      default -> new DeviceException(Reason.FAILED, message);
    };
  }

  /**
   * What a user can act on: a lack of the machine is no fault whose place in our sources would
   * help.
   */
  private static String sentence(String error) {
    return error.replaceFirst("^((em_\\w+|CUDA): )+", "").replaceAll(" \\([\\w/.]+:\\d+\\)", "");
  }

  /**
   * Chooses what does the matrix products of a GPU; without it they fail.
   *
   * @param library NVIDIA's libcublasLt of version 12 or 13; empty for our own kernel
   * @throws DeviceException UNAVAILABLE when the library cannot be loaded, or needs a newer driver;
   *     nothing has changed then
   */
  void products(Optional<Path> library) {
    try (BytePointer path = text(library.map(Path::toString))) {
      check("products", Em.em_set_products(handle(), path));
    }
  }

  /** Chooses the arithmetic of matrix products and attention. */
  void arithmetic(Arithmetic arithmetic) {
    check("arithmetic", Em.em_set_arithmetic(handle(), code(arithmetic)));
  }

  /** An em_arithmetic. */
  static int code(Arithmetic arithmetic) {
    return switch (arithmetic) {
      case FLOAT32 -> Em.EM_FLOAT32;
      case TF32 -> Em.EM_TF32;
      case BF16 -> Em.EM_BF16;
    };
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Em.em_context_close(handle);
    }
  }
}
