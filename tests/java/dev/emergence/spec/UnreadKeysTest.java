package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import dev.emergence.spec.MlpMixerSpec.Form;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Keys that are accepted and without effect are known, so that a file that sets them is told. */
class UnreadKeysTest {
  @Test
  void a_mixer_reads_the_sizes_of_its_own_form_alone() {
    Map<Form, Set<String>> unread = new TreeMap<>();
    for (Form form : Form.values()) {
      MlpMixerSpec spec = Defaults.with(MlpMixerSpec.class, Map.of("form", form));
      Set<String> keys = new TreeSet<>(spec.unread(Yaml.tiny().task()).keySet());
      keys.retainAll(Set.of("architecture.groups", "architecture.expansion"));
      unread.put(form, keys);
    }
    assertThat(unread.get(Form.TOKEN_MLP)).containsExactly("architecture.groups");
    assertThat(unread.get(Form.MULTI_MAP)).containsExactly("architecture.expansion");
    unread.keySet().removeAll(Set.of(Form.TOKEN_MLP, Form.MULTI_MAP));
    assertThat(unread.values())
        .isNotEmpty()
        .allSatisfy(
            keys ->
                assertThat(keys)
                    .containsExactlyInAnyOrder("architecture.groups", "architecture.expansion"));
  }
}
