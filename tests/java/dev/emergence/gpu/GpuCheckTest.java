package dev.emergence.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code gpu-check} asks of a GPU and how it shares its time, without one: the programs that
 * it runs are replaced by ones that note how they were called.
 */
class GpuCheckTest {
  private static final Pattern SECONDS = Pattern.compile("--seconds (\\d+)");

  private static final String JAVA =
      """
      #!/usr/bin/env bash
      case "$*" in
        *--version) echo "emergence 0.1.0 (test)" ;;
        *doctor)
          folder=$(printf '%s\\n' "$@" | sed -n 's/.*cachedir=//p')
          mkdir -p "$folder/jar" && touch "$folder/jar/libemergence.so" "$folder/jar/libemergence_cuda.so"
          echo "cuda   a GPU of no make" ;;
        *)
          echo "tests|$*" >>"$CALLS"
          echo "'-- CohortsTest [OK]"
          echo "  +-- a_run() [OK]"
          echo "  +-- a_library() [A] Assumption failed: a GPU has its own"
          echo "[         2 tests found           ]"
          echo "[         1 tests aborted         ]"
          echo "[         1 tests successful      ]"
          echo "[         0 tests failed          ]" ;;
      esac
      """;

  private static final String DEVICE_TEST =
      """
      #!/usr/bin/env bash
      echo "cases|$TOOL|split=$EM_SPLIT_PRODUCTS|$*" >>"$CALLS"
      echo "7 of 9 cases of 3 operations, 0 failed"
      [ "$TOOL $EM_SPLIT_PRODUCTS" != "$FAULTY 1" ] || exit 9
      """;

  private static final String SANITIZER =
      """
      #!/usr/bin/env bash
      export TOOL=$2
      while [ "${1#--}" != "$1" ]; do shift 2; done
      exec "$@"
      """;

  @TempDir Path folder;

  /** How the script ended, the programs it called, and what it wrote. */
  private record Checked(int code, List<String> calls, String json) {
    List<String> calls(String pattern) {
      return calls.stream().filter(call -> call.matches(pattern)).toList();
    }
  }

  @BeforeEach
  void lay_out_a_bundle() throws IOException {
    program("gpu-check", Files.readString(Path.of("tests/gpu/gpu-check")));
    program("runtime/bin/java", JAVA);
    program("checks/device_test", DEVICE_TEST);
    program("checks/planted_fault", "#!/usr/bin/env bash\nexit 9\n");
    program("tools/compute-sanitizer", SANITIZER);
  }

  private void program(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Checked check(String faulty, String... options) throws Exception {
    Path calls = folder.resolve("calls");
    Path out = folder.resolve("out");
    ProcessBuilder script =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(
                        folder.resolve("gpu-check").toString(),
                        "--out",
                        folder.resolve("out").toString()),
                    Stream.of(options))
                .toList());
    script
        .environment()
        .putAll(
            Map.of(
                "CALLS",
                calls.toString(),
                "FAULTY",
                faulty,
                "PATH",
                folder.resolve("tools") + ":" + System.getenv("PATH")));
    script.environment().remove("EM_SPLIT_PRODUCTS");
    Path said = folder.resolve("said");
    Process process = script.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(out.resolve("gpu-check.json")).as(Files.readString(said)).exists();
    return new Checked(
        process.exitValue(),
        Files.readAllLines(calls),
        Files.readString(out.resolve("gpu-check.json"), StandardCharsets.UTF_8));
  }

  @Test
  void split_products_and_the_sums_beside_them_run_alone_and_under_every_sanitizer()
      throws Exception {
    Checked checked = check("none");
    assertThat(checked.code()).as(checked.json()).isZero();
    String cases = "--only joined_g --only joined_sums";
    assertThat(checked.calls("cases\\|\\|split=1\\|.* --full " + cases + " --float32 .*"))
        .hasSize(1);
    for (String tool : List.of("memcheck", "racecheck", "initcheck", "synccheck")) {
      assertThat(checked.calls("cases\\|" + tool + "\\|split=\\|.* --once --seconds .*"))
          .as(tool)
          .hasSize(1);
      assertThat(checked.calls("cases\\|" + tool + "\\|split=1\\|.* --once --full " + cases + ".*"))
          .as(tool)
          .hasSize(1);
      assertThat(checked.json())
          .contains(
              tool
                  + ": clean; 7 of 9 cases of 3 operations, split and large: 7 of 9 cases of 3"
                  + " operations; the planted fault was found");
    }
  }

  @Test
  void every_test_class_that_takes_a_gpu_is_asked_for() throws Exception {
    String tests = String.join("\n", check("none").calls("tests\\|.*"));
    try (Stream<Path> classes = Files.walk(Path.of("tests/java/dev/emergence"))) {
      assertThat(classes.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.matches("Cuda\\w+Test\\.java"))
          // What others use; and what reads compiled code or looks for libraries.
          .filteredOn(
              name -> !name.matches("Cuda(Under|Code|Stores|Tiles|Spills|Libraries)Test\\.java"))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(tests).contains("." + name.replace(".java", "")));
    }
  }

  @Test
  void a_fault_of_split_products_alone_is_not_passed_over() throws Exception {
    Checked checked = check("racecheck");
    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.json()).contains("racecheck: NOT clean", "memcheck: clean");
  }

  @Test
  void tests_that_were_skipped_are_named() throws Exception {
    assertThat(check("none").json()).contains("1 passed, 0 failed, 1 skipped: a_library()");
  }

  /** Here no part takes time, so that each share is one of the whole time. */
  @ParameterizedTest
  @ValueSource(ints = {60, 200})
  void tables_of_cases_share_the_time_that_is_left(int all) throws Exception {
    Checked checked = check("none", "--seconds", String.valueOf(all));
    assertThat(checked.code()).as(checked.json()).isZero();
    Map<String, Integer> partsToCome =
        Map.of("", 2, "memcheck", 4, "racecheck", 3, "initcheck", 2, "synccheck", 1);
    partsToCome.forEach(
        (tool, parts) -> {
          List<String> calls = checked.calls("cases\\|" + tool + "\\|.*");
          assertThat(calls).hasSize(2).allMatch(call -> seconds(call) > 0);
          assertThat(calls.stream().mapToInt(GpuCheckTest::seconds).sum())
              .as("%s of %d s", tool, all)
              .isLessThan(all / parts);
        });
  }

  private static int seconds(String call) {
    Matcher matcher = SECONDS.matcher(call);
    assertThat(matcher.find()).as(call).isTrue();
    return Integer.parseInt(matcher.group(1));
  }
}
