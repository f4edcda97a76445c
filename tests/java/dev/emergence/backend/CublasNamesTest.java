package dev.emergence.backend;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The preset is newer than the CUDA that we support: a call to a function that CUDA 13.0 lacks
 * would end the process.
 */
class CublasNamesTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.emergence");

  @Test
  void all_functions_of_nvidia_that_are_called_exist_in_cuda_13_0() throws Exception {
    Set<String> known =
        Set.copyOf(Files.readAllLines(Path.of("tests/resources/cuda-13.0-functions.txt")));
    Set<String> called =
        OURS.stream()
            .flatMap(c -> c.getMethodCallsFromSelf().stream())
            .filter(this::isNvidia)
            .map(JavaMethodCall::getName)
            .collect(toSet());
    assertThat(called).contains("cublasGemmStridedBatchedEx", "cudaMalloc");
    assertThat(known).containsAll(called);
  }

  @Test
  void only_one_class_calls_them() {
    Set<String> callers =
        OURS.stream()
            .filter(c -> c.getMethodCallsFromSelf().stream().anyMatch(this::isNvidia))
            .map(c -> c.getSimpleName())
            .collect(toSet());
    assertThat(callers).containsExactly("Cublas");
  }

  private boolean isNvidia(JavaMethodCall call) {
    return call.getTargetOwner().getPackageName().equals("org.bytedeco.cuda.global");
  }
}
