package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.Condition;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SweepSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Files, profiles, sweeps and the command line, laid over each other in every way. */
class ExpansionPropertiesTest {
  private static ReadOptions options(RandomSweep random) {
    return new ReadOptions(Optional.of("p"), random.sets(), false);
  }

  private static SweepSpec sweep(Reading reading, String text) {
    assertThat(reading.isValid()).as(reading.toText() + text).isTrue();
    return reading.spec().orElseThrow().sweeps().get("s");
  }

  /** Whatever the order of keys, and however each of them is written. */
  @Property(tries = 150)
  void a_condition_is_a_file_in_which_its_values_are_written_out(@ForAll Random seed) {
    RandomSweep random = new RandomSweep(seed);
    String text = random.text();
    Reading reading = SpecReader.read("x.yaml", text, options(random));
    List<Condition> conditions = sweep(reading, text + options(random).sets()).conditions();
    Map<String, String> files = random.conditions();
    assertThat(conditions)
        .as(text)
        .extracting(c -> c.variant() + c.values().values())
        .containsExactlyElementsOf(files.keySet());
    int at = 0;
    for (Map.Entry<String, String> file : files.entrySet()) {
      RunConfig alone =
          SpecReader.read("alone.yaml", file.getValue(), ReadOptions.none())
              .spec()
              .orElseThrow()
              .base();
      assertThat(conditions.get(at++).config())
          .as("%s of\n%s%s\n%s", file.getKey(), text, options(random).sets(), file.getValue())
          .isEqualTo(alone);
    }
  }

  @Property(tries = 100)
  void the_standalone_file_has_the_same_conditions(@ForAll Random seed) {
    RandomSweep random = new RandomSweep(seed);
    String text = random.text();
    Reading reading = SpecReader.read("x.yaml", text, options(random));
    SweepSpec given = sweep(reading, text);
    String standalone = reading.standalone("x.yaml");
    Reading again = SpecReader.read("standalone.yaml", standalone, ReadOptions.none());
    assertThat(sweep(again, standalone))
        .as(text + options(random).sets() + standalone)
        .isEqualTo(given);
  }
}
