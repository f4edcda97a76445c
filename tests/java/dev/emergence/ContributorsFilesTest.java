package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Issue forms, workflows and the like are what the host of the repository reads. */
class ContributorsFilesTest {
  private static final Path FOLDER = Path.of(".github");

  private static Stream<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(".yml")).toList().stream();
    }
  }

  static Stream<Path> all() throws IOException {
    return files(FOLDER);
  }

  static Stream<Path> forms() throws IOException {
    return files(FOLDER.resolve("ISSUE_TEMPLATE"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void each_is_yaml(Path file) throws IOException {
    assertThat(read(file).isObject()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_form_has_a_name_and_questions_with_labels(Path file) throws IOException {
    JsonNode form = read(file);
    assertThat(form.propertyNames()).contains("name", "description", "body");
    assertThat(form.get("body")).isNotEmpty();
    for (JsonNode question : form.get("body")) {
      assertThat(Set.of("label", "description", "render"))
          .containsAll(question.get("attributes").propertyNames());
      assertThat(question.get("attributes").get("label").isString()).isTrue();
    }
  }

  private static JsonNode read(Path file) throws IOException {
    return YAMLMapper.builder().build().readTree(Files.readString(file));
  }
}
