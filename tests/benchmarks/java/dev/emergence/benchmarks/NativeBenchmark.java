package dev.emergence.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * The native program of micro-benchmarks ({@code native/dev/benchmark.cpp}), which {@code ./dev
 * bench} builds: kernels of a step one by one, and Adam at 50 million parameters against the
 * machine's own copying.
 */
final class NativeBenchmark {
  private static final Path PROGRAM = Path.of("target", "bench", "build", "benchmark");
  private static final Path LIBRARY =
      Path.of("target", "classes", "dev", "emergence", "backend", "linux-x86_64");
  private final Report report;

  NativeBenchmark(Report report) {
    this.report = report;
  }

  /** Runs those whose names contain a word. @param word empty for all */
  void run(String word) throws IOException, InterruptedException {
    List<JsonNode> rows = rows(word);
    ArrayNode all = report.array("kernels");
    report.say(
        String.format("%-46s %9s %9s %9s", "kernel, one thread", "best ms", "median", "rate"));
    for (JsonNode row : rows) {
      all.add(row);
      report.say(
          String.format(
              Locale.ROOT,
              "%-46s %9.3f %9.3f %9.1f %s",
              row.get("name").asString(),
              row.get("best_ms").asDouble(),
              row.get("median_ms").asDouble(),
              row.get("rate").asDouble(),
              row.get("unit").asString()));
    }
    sayShareOfStream(rows);
  }

  private void sayShareOfStream(List<JsonNode> rows) {
    double stream = best(rows, "stream ");
    double adam = best(rows, "adam 50 M");
    if (stream > 0 && adam > 0) {
      report.root().put("adam_share_of_stream", StepBenchmark.round(adam / stream));
      report.say(
          String.format(
              Locale.ROOT,
              "Adam at 50 M parameters moves %.1f GB/s, %.0f %% of the best stream measured beside it",
              adam,
              100 * adam / stream));
    }
  }

  private static double best(List<JsonNode> rows, String prefix) {
    return rows.stream()
        .filter(row -> row.get("name").asString().startsWith(prefix))
        .mapToDouble(row -> row.get("rate").asDouble())
        .max()
        .orElse(0);
  }

  private static List<JsonNode> rows(String word) throws IOException, InterruptedException {
    List<String> command = List.of(PROGRAM.toString(), word, "20", "--json");
    ProcessBuilder builder = Child.builder(command);
    builder.environment().put("LD_LIBRARY_PATH", LIBRARY.toString());
    Process process = builder.start();
    List<JsonNode> rows = new ArrayList<>();
    ObjectMapper mapper = new ObjectMapper();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("{")) {
          rows.add(mapper.readTree(line));
        }
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException(PROGRAM + " ended with code " + process.exitValue());
    }
    return rows;
  }
}
