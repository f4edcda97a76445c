package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.spec.Gone;
import dev.emergence.spec.Inline;
import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpecTreeTest {
  record Old(@Key(doc = "A.") int width, @Key(doc = "B.", value = "[]") List<String> names) {}

  record Grown(
      @Key(doc = "A.") int width,
      @Key(doc = "B.", value = "[]") List<String> names,
      @Key(doc = "C.", value = "0.25", since = 2) double share,
      @Key(doc = "D.", value = Key.ABSENT, since = 2) Optional<Integer> dataset,
      @Key(doc = "E.", value = "{depth: 2}", since = 3) Part part) {}

  record Part(
      @Key(doc = "F.", value = "1") int depth,
      @Key(doc = "G.", value = "[init, data]") List<Word> words) {}

  enum Word {
    INIT,
    DATA
  }

  record Split(@Inline Shared shared, @Key(doc = "B.") List<String> names) {}

  record Shared(@Key(doc = "A.") int width) {}

  private static final Old OLD = new Old(7, List.of("x"));
  private static final Part PART = new Part(2, List.of(Word.INIT, Word.DATA));
  private static final Grown GROWN = new Grown(7, List.of("x"), 0.25, Optional.empty(), PART);

  @Test
  void a_new_key_at_its_default_changes_no_identity_and_no_file() {
    assertThat(SpecTree.identityOf(GROWN)).isEqualTo(SpecTree.identityOf(OLD));
    assertThat(SpecTree.of(GROWN)).isEqualTo(SpecTree.of(OLD));
  }

  @Test
  void a_new_key_with_another_value_is_part_of_identity_and_file() {
    Grown other = new Grown(7, List.of("x"), 0.5, Optional.of(3), PART);
    assertThat(SpecTree.identityOf(other))
        .containsEntry("share", 0.5)
        .containsEntry("dataset", 3)
        .doesNotContainKey("part");
    assertThat(SpecTree.read(Grown.class, SpecTree.of(other))).isEqualTo(other);
  }

  @Test
  void an_older_file_takes_the_default_of_a_new_key() {
    assertThat(SpecTree.read(Grown.class, SpecTree.of(OLD))).isEqualTo(GROWN);
  }

  @Test
  void keys_of_the_first_format_must_be_there() {
    Map<String, Object> tree = new LinkedHashMap<>(SpecTree.of(OLD));
    tree.remove("names");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpecTree.read(Grown.class, tree))
        .withMessage("names is missing");
  }

  @Test
  void unknown_keys_stay_errors() {
    Map<String, Object> tree = new LinkedHashMap<>(SpecTree.of(GROWN));
    tree.put("shares", 0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpecTree.read(Grown.class, tree))
        .withMessage("configuration has unknown keys: [shares]");
  }

  @Gone("colour")
  record Shrunk(@Key(doc = "A.") int width) {}

  @Test
  void a_key_that_is_gone_is_passed_over_in_an_older_file() {
    assertThat(SpecTree.read(Shrunk.class, Map.of("width", 7, "colour", "red")))
        .isEqualTo(new Shrunk(7));
  }

  @Test
  void keys_of_an_inline_component_stand_in_the_owners_mapping() {
    Split split = new Split(new Shared(7), List.of("x"));
    assertThat(Keys.of(Split.class))
        .extracting(Keys.Component::name)
        .containsExactly("width", "names");
    assertThat(SpecTree.of(split)).isEqualTo(SpecTree.of(OLD));
    assertThat(SpecTree.read(Split.class, SpecTree.of(OLD))).isEqualTo(split);
  }
}
