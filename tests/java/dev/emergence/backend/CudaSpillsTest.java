package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What kernels spill from registers to memory, as ptxas said when {@code ./dev test} compiled them.
 * A kernel that is not in {@code tests/golden/kernel-spills.txt} spills nothing. Where a kernel of
 * the list spills less, or no longer, lower the number there.
 */
class CudaSpillsTest {
  private static final Path REPORTS = Path.of("target/native/reports");
  private static final Path LIST = Path.of("tests/golden/kernel-spills.txt");

  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(\\w+)'(?s:.*?)(\\d+) bytes spill stores, (\\d+) bytes spill loads");

  /** What the compiler puts before a kernel's own name: its namespaces, and which file it is of. */
  private static final Pattern BEFORE_NAME =
      Pattern.compile("^_ZN2em(3gpu)?\\d+_GLOBAL__N__[0-9a-f]{8}_\\w+?_cu_[0-9a-f]{8}\\d+");

  @BeforeEach
  void reports_are_of_these_sources_and_of_the_compiler_of_the_list() throws IOException {
    for (Path report : reports()) {
      assumeThat(CompiledKernels.isOfThisSource(report)).as("%s of ./dev test", report).isTrue();
    }
    String toolkit = Files.readString(REPORTS.resolve("toolkit"));
    assumeThat(toolkit).as("the compiler of the list").startsWith("13.0.");
  }

  @Test
  void no_kernel_spills_but_those_of_the_list_and_they_spill_so_much() throws IOException {
    Map<String, Integer> spilled = spilled();
    assertThat(spilled).hasSizeGreaterThan(300);
    spilled.values().removeIf(bytes -> bytes == 0);
    assertThat(spilled).isEqualTo(listed());
  }

  /** Bytes that a thread stores and loads again, all together, of each kernel. */
  private static Map<String, Integer> spilled() throws IOException {
    Map<String, Integer> kernels = new TreeMap<>();
    for (Path report : reports()) {
      for (MatchResult kernel : results(Files.readString(report))) {
        int bytes = Integer.parseInt(kernel.group(2)) + Integer.parseInt(kernel.group(3));
        kernels.merge(BEFORE_NAME.matcher(kernel.group(1)).replaceFirst(""), bytes, Math::max);
      }
    }
    return kernels;
  }

  private static List<MatchResult> results(String report) {
    return KERNEL.matcher(report).results().toList();
  }

  private static Map<String, Integer> listed() throws IOException {
    return Files.readAllLines(LIST).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split(" +"))
        .collect(
            Collectors.toMap(
                words -> words[1], words -> Integer.parseInt(words[0]), (a, b) -> a, TreeMap::new));
  }

  /** One for each file of kernels; of a file that is gone there may still be another. */
  private static List<Path> reports() throws IOException {
    try (Stream<Path> sources = Files.list(Path.of("native/cuda"))) {
      return sources
          .map(source -> source.getFileName().toString())
          .filter(name -> name.endsWith(".cu"))
          .map(name -> REPORTS.resolve(name.replace(".cu", ".log")))
          .toList();
    }
  }
}
