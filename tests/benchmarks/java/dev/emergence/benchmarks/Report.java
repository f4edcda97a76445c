package dev.emergence.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a benchmark leaves: tables for people, and a JSON file a part under {@code target/bench}.
 * With {@code --json} lines of JSON stand on standard output and the tables on standard error.
 */
final class Report {
  private static final Path FOLDER = Path.of("target", "bench");
  private final ObjectMapper mapper = new ObjectMapper();
  private final boolean lines;
  private ObjectNode root = mapper.createObjectNode();

  Report(boolean lines) {
    this.lines = lines;
  }

  /** A line for people. */
  void say(String text) {
    (lines ? System.err : System.out).println(text);
  }

  /** A line for programs. */
  void line(String json) {
    if (lines) {
      System.out.println(json);
    }
  }

  /** A list of the file. */
  ArrayNode array(String name) {
    return root.withArrayProperty(name);
  }

  /** The file's own values. */
  ObjectNode root() {
    return root;
  }

  /** Writes {@code target/bench/PART.json} and begins the next one. */
  void save(String part) throws IOException {
    Files.createDirectories(FOLDER);
    Path file = FOLDER.resolve(part + ".json");
    String text = mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    Files.write(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    root = mapper.createObjectNode();
    say("written to " + file + "\n");
  }
}
