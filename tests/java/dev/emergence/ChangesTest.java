package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.page.SchemaWriter;
import dev.emergence.plan.RunId;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whoever changes numbers, the layout of results folders or the language says so in the change log.
 * tests/golden/changes.properties holds what the log was last written for.
 */
class ChangesTest {
  private static final Path LOG = Path.of("java/resources/dev/emergence/cli/explain/changes.md");
  private static final Path GOLDEN = Path.of("tests/golden/changes.properties");

  @Test
  void numerics_layout_and_language_are_those_that_the_change_log_was_written_for()
      throws Exception {
    TreeMap<String, String> now = fingerprint();
    TreeMap<String, String> then = stored();
    String log = then.remove("log");
    if (now.equals(then)) {
      return;
    }
    boolean written = !sha(Files.readString(LOG)).equals(log);
    if (written && Boolean.getBoolean("emergence.accept")) {
      store(now);
      return;
    }
    assertThat(now)
        .as(
            "%s. %s",
            written
                ? "the log has changed since: if it tells this change too, store it"
                : "say what changes for users in " + LOG + ", under the newest version",
            "Then: ./dev try ChangesTest with EMERGENCE_TRY_OPTIONS=-Demergence.accept=true")
        .isEqualTo(then);
  }

  @Test
  void the_change_log_says_nothing_twice() throws IOException {
    List<String> entries = List.of(Files.readString(LOG).split("(?m)^(?=- |#)"));

    assertThat(entries).hasSizeGreaterThan(100).doesNotHaveDuplicates();
  }

  private static TreeMap<String, String> fingerprint() throws Exception {
    TreeMap<String, String> now = new TreeMap<>();
    now.put("numerics", Integer.toString(RunId.NUMERICS));
    now.put("layout", Integer.toString(ResultsFolder.LAYOUT));
    JsonNode schema = JsonMapper.builder().build().readTree(SchemaWriter.write());
    withoutWords(schema);
    now.put("language", sha(schema.toString()));
    return now;
  }

  /** A better sentence about a key changes nothing for a file. */
  private static void withoutWords(JsonNode node) {
    if (node instanceof ObjectNode object) {
      if (object.path("description").isString()) {
        object.remove("description");
      }
    }
    node.forEach(ChangesTest::withoutWords);
  }

  private static TreeMap<String, String> stored() throws IOException {
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(GOLDEN)) {
      properties.load(in);
    }
    TreeMap<String, String> then = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> then.put(name, properties.getProperty(name)));
    return then;
  }

  private static void store(TreeMap<String, String> now) throws Exception {
    StringBuilder out = new StringBuilder("# Written by ChangesTest; see there.\n");
    now.forEach((name, value) -> out.append(name).append('=').append(value).append('\n'));
    out.append("log=").append(sha(Files.readString(LOG))).append('\n');
    Files.writeString(GOLDEN, out);
  }

  private static String sha(String text) throws NoSuchAlgorithmException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
  }
}
