package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening devices, and what goes wrong around them. */
class DevicesTest {
  @Test
  void an_unknown_device_lists_the_known_ones() {
    assertThatThrownBy(() -> Devices.open("tpu", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown device 'tpu'; known: cpu, cuda");
  }

  @Test
  void the_cpu_describes_processor_instruction_set_and_threads() {
    try (Backend backend = Devices.open("cpu", 2)) {
      assertThat(backend.name()).isEqualTo("cpu");
      assertThat(backend.description())
          .matches("cpu: .+, (amx|avx512|avx2|plain) kernels, 2 threads");
    }
  }

  @Test
  void no_threads_are_refused() {
    assertThatThrownBy(() -> Devices.open("cpu", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads must be in 1..1024, got 0 (native/cpu/cpu_device.cpp:");
  }

  @Test
  void an_instruction_set_that_is_not_there_lists_those_that_are() {
    assertThatThrownBy(() -> NativeContext.openCpu(1, Optional.of("mmx")))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("no kernels for instruction set mmx on this processor; it has ")
        .hasMessageContaining("plain");
  }

  @Test
  void a_cuda_library_that_cannot_be_loaded_is_one_sentence() {
    assertThatThrownBy(() -> NativeContext.openCuda(0, Path.of("/nowhere/libemergence_cuda.so")))
        .isInstanceOfSatisfying(
            DeviceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
        .hasMessageContaining("/nowhere/libemergence_cuda.so")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void memory_that_there_is_not_is_said_and_survived() {
    try (Backend backend = Devices.open("cpu", 1)) {
      assertThatThrownBy(() -> backend.allocate(DType.F32, 1L << 55))
          .isInstanceOfSatisfying(
              DeviceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUT_OF_MEMORY))
          .hasMessageContaining("allocate for " + (1L << 55) + " elements of F32");
      assertThat(backend.allocatedBytes()).isZero();
      try (Scope scope = new Scope(backend)) {
        backend.write(scope.floats(1, 3), new float[] {1, 2, 3});
        assertThat(backend.allocatedBytes()).isEqualTo(12);
      }
      assertThat(backend.allocatedBytes()).isZero();
    }
  }

  @Test
  void a_closed_backend_says_so() {
    Backend backend = Devices.open("cpu", 1);
    Scope scope = new Scope(backend);
    Tensor x = scope.floats(1, 3);
    StepProgram program = backend.record(() -> backend.zero(x));
    backend.close();
    backend.close();
    assertThatThrownBy(() -> backend.zero(x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the backend is closed");
    assertThatThrownBy(program::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the backend is closed");
  }

  @Test
  void a_tensor_whose_memory_was_freed_is_refused() {
    try (Backend backend = Devices.open("cpu", 1);
        Backend other = Devices.open("cpu", 1)) {
      Scope scope = new Scope(backend);
      Tensor x = scope.floats(1, 3);
      assertThatThrownBy(() -> other.zero(x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another backend");
      scope.close();
      assertThatThrownBy(() -> backend.zero(x))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("after its memory was freed");
      assertThatThrownBy(() -> backend.free(x.buffer())).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void a_token_outside_the_vocabulary_names_operation_and_shapes_when_replayed() {
    try (Backend backend = Devices.open("cpu", 1);
        Scope scope = new Scope(backend)) {
      Tensor tokens = scope.ints(1, 2, 2);
      Tensor table = scope.floats(1, 3, 5);
      Tensor out = scope.floats(1, 2, 2, 5);
      backend.write(tokens, new int[] {0, 1, 7, 2});
      assertThatThrownBy(() -> backend.embed(tokens, table, out))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("embed for [I32[1, 2, 2], F32[1, 3, 5], F32[1, 2, 2, 5]]")
          .hasMessageContaining(
              "token 7 at row 2 of replica 0 is not in 0..2 (native/cpu/tokens.cpp:");
      try (StepProgram program = backend.record(() -> backend.embed(tokens, table, out))) {
        assertThatThrownBy(program::run)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("em_embed: token 7 at row 2");
        backend.write(tokens, new int[] {0, 1, 1, 2});
        program.run();
      }
    }
  }

  @Test
  void a_library_that_cannot_be_unpacked_is_one_sentence_that_says_what_to_do(@TempDir Path folder)
      throws IOException, InterruptedException {
    String classes = Path.of("target", "classes").toAbsolutePath().toString();
    String path = System.getProperty("java.class.path");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.cachedir=/proc/nowhere",
                "-Duser.home=/proc/nowhere",
                "-Djava.io.tmpdir=/proc/nowhere",
                "-cp",
                jar(Path.of(classes), folder) + ":" + withoutEntry(path, classes),
                Missing.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed =
        new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(java.waitFor()).as(printed).isZero();
    assertThat(printed)
        .doesNotContain("\n")
        .startsWith("the native library for ")
        .contains("-Dorg.bytedeco.javacpp.cachedir=DIR");
  }

  /** A library in a folder is loaded where it lies; one in a jar must be unpacked. */
  private static Path jar(Path classes, Path folder) throws IOException {
    Path jar = folder.resolve("classes.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      out.setLevel(Deflater.NO_COMPRESSION);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return jar;
  }

  private static String withoutEntry(String path, String classes) {
    return Stream.of(path.split(":"))
        .filter(entry -> !Path.of(entry).toAbsolutePath().toString().equals(classes))
        .collect(Collectors.joining(":"));
  }

  /** Prints why there is no cpu backend. */
  static final class Missing {
    private Missing() {}

    public static void main(String[] args) {
      System.out.println(Devices.missing("cpu").orElse("there is one"));
    }
  }
}
