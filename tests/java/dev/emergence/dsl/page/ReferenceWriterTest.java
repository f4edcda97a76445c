package dev.emergence.dsl.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.bind.Binder;
import dev.emergence.dsl.bind.Defaults;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The reference page is complete, and so are the records behind it. */
class ReferenceWriterTest {
  private final String page = ReferenceWriter.write();

  /** Every record behind the file, by its path. */
  private static Map<String, Shape.Rec> records() {
    Map<String, Shape.Rec> found = new LinkedHashMap<>();
    collect("", Shape.of(ExperimentFile.class), found);
    return found;
  }

  private static void collect(String path, Shape shape, Map<String, Shape.Rec> into) {
    if (shape instanceof Shape.Rec rec) {
      into.put(path, rec);
      rec.fields()
          .forEach(
              (name, field) ->
                  collect(path.isEmpty() ? name : path + "." + name, field.shape(), into));
    } else if (shape instanceof Shape.Union union) {
      union.kinds().forEach((kind, rec) -> collect(path + "/" + kind, rec, into));
    } else if (shape instanceof Shape.MapOf map) {
      collect(path + ".NAME", map.value(), into);
    } else if (shape instanceof Shape.ListOf list) {
      collect(path, list.item(), into);
    } else if (shape instanceof Shape.Opt opt) {
      collect(path, opt.of(), into);
    }
  }

  @Test
  void every_key_of_every_record_is_on_the_page_with_its_meaning() {
    Map<String, Shape.Rec> records = records();
    assertThat(records).hasSizeGreaterThan(30);
    records.forEach(
        (path, rec) ->
            rec.fields()
                .values()
                .forEach(
                    field -> {
                      assertThat(field.key().doc())
                          .as("%s.%s", path, field.name())
                          .isNotBlank()
                          .endsWith(".");
                      assertThat(page)
                          .as("%s.%s", path, field.name())
                          .contains("| `" + field.name() + "` |")
                          .contains(field.key().doc().replace("|", "\\|"));
                    }));
  }

  @Test
  void every_component_of_a_record_is_a_key() {
    records()
        .forEach(
            (path, rec) ->
                assertThat(Keys.of(rec.type())).as(path).isEqualTo(Keys.components(rec.type())));
  }

  @Test
  void every_default_is_a_value_of_its_key() {
    records()
        .forEach(
            (path, rec) ->
                rec.fields()
                    .values()
                    .forEach(
                        field -> {
                          if (!field.required() && !field.key().value().equals(Key.ABSENT)) {
                            Diagnostics out = new Diagnostics();
                            Node node = Defaults.parse(field.key().value());
                            Object value =
                                new Binder(out, Node.Mapping.empty(node.place()), true)
                                    .bind(
                                        field.shape(),
                                        new Node.Entry(node.place(), node),
                                        field.name());
                            assertThat(value)
                                .as(
                                    "%s.%s: %s %s",
                                    path, field.name(), field.key().value(), out.sorted())
                                .isNotNull();
                            Keys.Component component =
                                Keys.of(rec.type()).stream()
                                    .filter(c -> c.name().equals(field.name()))
                                    .findFirst()
                                    .orElseThrow();
                            if (rec.type().getPackage() != Key.class.getPackage()) {
                              return;
                            }
                            assertThat(dev.emergence.spec.Defaults.of(component))
                                .as("%s.%s as spec reads it", path, field.name())
                                .isEqualTo(value);
                          }
                        }));
  }

  @Test
  void the_page_beside_the_examples_is_the_one_of_these_records() throws IOException {
    assertThat(Files.readString(Path.of("dsl-examples", "REFERENCE.md")))
        .as("write it anew: ./emergence schema --markdown > dsl-examples/REFERENCE.md")
        .isEqualToNormalizingNewlines(page.strip() + "\n");
  }

  @Test
  void symbols_and_messages_are_listed() {
    assertThat(page)
        .contains("| `N_pairs` | `task.pairs` |")
        .contains("| E102 | unknown key |")
        .contains("`loglog` is short for");
  }
}
