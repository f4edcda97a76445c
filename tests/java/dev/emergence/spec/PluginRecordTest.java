package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the record of a plug-in may be. */
class PluginRecordTest {
  enum Mark {
    FLAG,
    SIGN
  }

  record Place(@Key(doc = "A share.", value = "25%", min = 0, max = 1) double from) {}

  @Kind(value = "good_1", doc = "All that a file can say.")
  record Good(
      @Key(doc = "Must be written.", symbol = "T", min = 1, max = 9) int length,
      @Key(doc = "Whole.", value = "5", symbol = "s_1") long salt,
      @Key(doc = "Word.", value = "sign") Mark mark,
      @Key(doc = "Switch.", value = "true") Boolean on,
      @Key(doc = "Text.", value = "plain") String label,
      @Key(doc = "Time.", value = "5min") Duration time,
      @Key(doc = "Mapping.", value = "{}") Place place,
      @Key(doc = "Many.", value = "[1, 2.5]", max = 3) List<Double> weights,
      @Key(doc = "Perhaps.", value = Key.ABSENT) Optional<Integer> shift,
      @Key(doc = "Names.", value = Key.ABSENT) Map<String, Place> places) {}

  @Kind(value = "Two Words", doc = "No word.")
  record Called(@Key(doc = "Any.") int length) {}

  @Kind(value = "bare", doc = "A component without a key.")
  record Bare(int length) {}

  @Kind(value = "odd", doc = "A type without a form.")
  record Odd(@Key(doc = "Any.") List<Set<String>> words) {}

  @Kind(value = "twice", doc = "One symbol of two keys.")
  record Twice(
      @Key(doc = "Any.", symbol = "T") int length, @Key(doc = "Any.", symbol = "T") int states) {}

  @Kind(value = "copies", doc = "A symbol of repetition.")
  record Repeats(@Key(doc = "Any.", symbol = "B") int times) implements TaskSpec {
    @Override
    public Prediction predicts() {
      throw new AssertionError("not asked");
    }
  }

  @Kind(value = "deep", doc = "A symbol of an optimiser, in a mapping.")
  record Deep(@Key(doc = "Any.") Rate rate) implements TaskSpec {
    @Override
    public Prediction predicts() {
      throw new AssertionError("not asked");
    }
  }

  record Rate(@Key(doc = "Any.", symbol = "lr") double first) {}

  @Kind(value = "seeded", doc = "The name of a run's seed.")
  record Seeded(@Key(doc = "Any.", symbol = "seed") int start) implements TaskSpec {
    @Override
    public Prediction predicts() {
      throw new AssertionError("not asked");
    }
  }

  @Kind(value = "letters", doc = "Letters of our tasks, for something else.")
  record Letters(
      @Key(doc = "Any.", symbol = "T") int turns,
      @Key(doc = "Any.", symbol = "d") int depth,
      @Key(doc = "Any.", symbol = "k") int kept)
      implements TaskSpec {
    @Override
    public Prediction predicts() {
      throw new AssertionError("not asked");
    }
  }

  @Kind(value = "plus", doc = "A symbol that no formula can hold.")
  record Plus(@Key(doc = "Any.", symbol = "a+") int length) {}

  @Kind(value = "word", doc = "A default of another type.")
  record Text(@Key(doc = "Any.", value = "eight") int length) {}

  @Kind(value = "large", doc = "A default that is out of range, in a list.")
  record Large(@Key(doc = "Any.", value = "[1, 9]", max = 8) List<Integer> lengths) {}

  @Kind(value = "absent", doc = "A number that may be absent.")
  record Absent(@Key(doc = "Any.", value = Key.ABSENT) int length) {}

  @Kind(value = "none", doc = "No number is allowed.")
  record None(@Key(doc = "Any.", min = 2, max = 1) int length) {}

  @Kind(value = "self", doc = "A key with the name of what selects the record.")
  record Self(@Key(doc = "Any.") String kind) {}

  @Kind(value = "inner", doc = "What is wrong may stand deeper.")
  record Inner(@Key(doc = "Any.", value = Key.ABSENT) Optional<Bare> inner) {}

  private static void refused(Class<? extends Record> type, String message) {
    assertThatThrownBy(() -> PluginRecord.check(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void every_type_that_has_a_form_in_files_may_be_there() {
    PluginRecord.check(Good.class);
  }

  @Test
  void what_files_cannot_say_is_refused() {
    refused(Place.class, "it has no @Kind");
    refused(Called.class, "its kind 'Two Words' is no word");
    refused(Bare.class, "length has no @Key");
    refused(Odd.class, "words is of type java.util.Set<java.lang.String>");
    refused(Self.class, "no key may be called kind");
    refused(Inner.class, "Bare: length has no @Key");
  }

  @Test
  void symbols_are_names_and_each_has_one_key() {
    refused(Twice.class, "the symbol T of states is that of another key, too");
    refused(Plus.class, "the symbol 'a+' of length is no name");
  }

  @Test
  void a_task_has_no_symbol_that_means_something_else_in_its_files() {
    refused(
        Repeats.class,
        "Repeats: the symbol B of times stands for repetition.in_context in files on every task;"
            + " choose another one");
    refused(Deep.class, "the symbol lr of first stands for training.optimizer.learning_rate in");
    refused(Seeded.class, "the symbol seed of start stands for the seed of a run in files");
  }

  /** A file has one task, so these are read as this one's alone. */
  @Test
  void a_task_may_have_the_symbols_of_other_tasks() {
    PluginRecord.check(Letters.class);
  }

  @Test
  void defaults_are_values_of_their_keys() {
    refused(Text.class, "the default 'eight' of length: length must be a number");
    refused(Large.class, "the default '[1, 9]' of lengths is out of its range");
    refused(Absent.class, "length may be absent, so it must be an Optional");
    refused(None.class, "length allows no number");
  }
}
