package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.CellularAutomaton;
import dev.emergence.spec.CellularAutomaton.Boundary;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Cellular automata: local, deterministic, and their oracles. */
class AutomatonPropertiesTest {
  private static final int COUNT = 4;

  @Provide
  Arbitrary<CellularAutomaton> automata() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(2, 4),
            Arbitraries.of(1, 3, 5),
            Arbitraries.integers().between(1, 9).optional(),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(2, 6),
            Arbitraries.of(Boundary.class),
            Arbitraries.of(CellularAutomaton.Scored.class))
        .as(CellularAutomaton::new);
  }

  private static AutomatonSequences task(CellularAutomaton spec, int seed) {
    return AutomatonSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static CellularAutomaton paper(int cells, Optional<Integer> rules) {
    return new CellularAutomaton(
        cells, 4, 3, rules, 1, 16, Boundary.PERIODIC, CellularAutomaton.Scored.ALL);
  }

  @Property(tries = 200)
  void states_follow_by_the_rule_of_the_sequence(
      @ForAll("automata") CellularAutomaton spec, @ForAll int seed) {
    AutomatonSequences task = task(spec, seed);
    Sampled drawn = Sampled.of(task, spec.predicts(), seed, 2, COUNT);
    for (int n = 0; n < COUNT; n++) {
      AutomatonRule rule = task.rule(RandomStream.of(seed, Purpose.DATA), 2, n);
      for (int t = 1; t < spec.states(); t++) {
        int[] state = drawn.state(n, t - 1, spec.cells());
        for (int k = 0; k < spec.applications(); k++) {
          state = byHand(spec, rule, state);
        }
        assertThat(drawn.state(n, t, spec.cells())).containsExactly(state);
      }
      assertThat(drawn.targets()[n])
          .containsExactly(
              Arrays.copyOfRange(
                  drawn.tokens()[n],
                  spec.predicts().scored().first() + 1,
                  spec.predicts().scored().end() + 1));
    }
  }

  /** One application, from the words of the definition. */
  private static int[] byHand(CellularAutomaton spec, AutomatonRule rule, int[] state) {
    int[] next = new int[state.length];
    for (int i = 0; i < state.length; i++) {
      int index = 0;
      for (int o = -(spec.ruleWidth() / 2); o <= spec.ruleWidth() / 2; o++) {
        int j = i + o;
        boolean inside = j >= 0 && j < state.length;
        int colour =
            inside || spec.boundary() == Boundary.PERIODIC
                ? state[Math.floorMod(j, state.length)]
                : 0;
        index = index * spec.colours() + colour;
      }
      next[i] = rule.table()[index];
    }
    return next;
  }

  @Property(tries = 200)
  void a_cell_is_decided_by_the_cells_that_its_query_attends_to(
      @ForAll("automata") CellularAutomaton spec, @ForAll int seed) {
    AutomatonSequences task = task(spec, seed);
    Attends parents = task.attends().get(0);
    assertThat(parents.queries()).hasSize(spec.cells() * (spec.states() - 1));
    AutomatonRule rule = task.rule(RandomStream.of(seed, Purpose.DATA), 0, 0);
    int[] state = Sampled.of(task, spec.predicts(), seed, 0, 1).state(0, 0, spec.cells());
    int[] next = rule.next(state, spec.applications(), spec.boundary());
    for (int j = 0; j < spec.cells(); j++) {
      int[] changed = state.clone();
      changed[j] = (changed[j] + 1) % spec.colours();
      int[] after = rule.next(changed, spec.applications(), spec.boundary());
      for (int i = 0; i < spec.cells(); i++) {
        int cell = j;
        assertThat(parents.queries()[i]).isEqualTo(spec.cells() - 1 + i);
        if (Arrays.stream(parents.keys()[i]).noneMatch(key -> key == cell)) {
          assertThat(after[i]).isEqualTo(next[i]);
        }
      }
    }
  }

  @Property(tries = 100)
  void keys_are_near_distinct_and_in_the_state_before(
      @ForAll("automata") CellularAutomaton spec, @ForAll int seed) {
    Attends parents = task(spec, seed).attends().get(0);
    for (int e = 0; e < parents.queries().length; e++) {
      int before = e / spec.cells() * spec.cells();
      int cell = e % spec.cells();
      assertThat(parents.keys()[e]).doesNotHaveDuplicates().isSorted().isNotEmpty();
      for (int key : parents.keys()[e]) {
        int distance = Math.abs(key - before - cell);
        int around = Math.min(distance, spec.cells() - distance);
        boolean periodic = spec.boundary() == Boundary.PERIODIC;
        assertThat(key - before).isBetween(0, spec.cells() - 1);
        assertThat(periodic ? around : distance).isLessThanOrEqualTo(spec.reach());
        assertThat(key).isLessThanOrEqualTo(parents.queries()[e]);
      }
    }
  }

  @Property(tries = 100)
  void rolling_and_stepping_commute_and_steps_add_up(
      @ForAll("automata") CellularAutomaton spec, @ForAll int seed) {
    AutomatonSequences task = task(spec, seed);
    AutomatonRule rule = task.rule(RandomStream.of(seed, Purpose.DATA), 0, 0);
    int[] state = Sampled.of(task, spec.predicts(), seed, 0, 1).state(0, 0, spec.cells());
    assertThat(rule.next(roll(state), 1, Boundary.PERIODIC))
        .containsExactly(roll(rule.next(state, 1, Boundary.PERIODIC)));
    assertThat(rule.next(rule.next(state, 1, spec.boundary()), 1, spec.boundary()))
        .containsExactly(rule.next(state, 2, spec.boundary()));
  }

  private static int[] roll(int[] state) {
    int[] rolled = new int[state.length];
    Arrays.setAll(rolled, i -> state[(i + 1) % state.length]);
    return rolled;
  }

  @Property(tries = 30)
  void every_neighbourhood_has_an_index_of_its_own_and_leads_to_one_colour(@ForAll int seed) {
    CellularAutomaton spec = paper(64, Optional.empty());
    AutomatonSequences task = task(spec, seed);
    int[] x = Sampled.of(task, spec.predicts(), seed, 0, 1).tokens()[0];
    AutomatonRule rule = task.rule(RandomStream.of(seed, Purpose.DATA), 0, 0);
    int[] colours = new int[64];
    Arrays.fill(colours, -1);
    for (int p = 64; p < x.length; p++) {
      int before = p / 64 * 64 - 64;
      int left = x[before + Math.floorMod(p % 64 - 1, 64)];
      int right = x[before + (p % 64 + 1) % 64];
      int index = left * 16 + x[before + p % 64] * 4 + right;
      assertThat(rule.index(x, before, 64, p % 64, Boundary.PERIODIC)).isEqualTo(index);
      assertThat(colours[index]).isIn(-1, x[p]);
      colours[index] = x[p];
    }
    Set<Integer> indices = new HashSet<>();
    for (int a = 0; a < 64; a++) {
      int[] three = {a / 16, a / 4 % 4, a % 4};
      indices.add(rule.index(three, 0, 3, 1, Boundary.ZERO));
    }
    assertThat(indices).hasSize(64);
  }

  @Example
  void the_identity_keeps_its_state_and_all_rules_of_the_pool_are_used() {
    byte[] identity = new byte[64];
    for (int i = 0; i < 64; i++) {
      identity[i] = (byte) (i / 4 % 4);
    }
    int[] state = {3, 1, 0, 2, 2, 1};
    assertThat(new AutomatonRule(4, 3, identity).next(state, 5, Boundary.PERIODIC))
        .containsExactly(state);
    CellularAutomaton spec = paper(4, Optional.of(16));
    AutomatonSequences task = task(spec, 8);
    Set<AutomatonRule> used = new HashSet<>();
    for (int n = 0; n < 400; n++) {
      used.add(task.rule(RandomStream.of(8, Purpose.DATA), 0, n));
    }
    assertThat(used).hasSize(16).isSubsetOf(task.pool());
  }

  @Property(tries = 40)
  void the_oracle_of_the_pool_is_sure_once_one_rule_is_left_and_beats_all_others_on_average(
      @ForAll int seed) {
    CellularAutomaton spec = paper(16, Optional.of(8));
    AutomatonSequences task = task(spec, seed);
    AutomatonOracles oracles = new AutomatonOracles(spec, task);
    double pool = 0;
    double fresh = 0;
    double unigram = 0;
    for (int[] x : Sampled.of(task, spec.predicts(), seed, 0, 40).tokens()) {
      double[] loss = oracles.pool(x).loss();
      // Eight rules differ on the first state already, all but surely.
      assertThat(Arrays.stream(loss, 48, 256).sum()).isZero();
      assertThat(Arrays.stream(loss, 16, 48).sum()).isLessThanOrEqualTo(Math.log(8) + 1e-9);
      pool += Arrays.stream(loss).sum();
      fresh += Arrays.stream(oracles.fresh(x).loss()).sum();
      unigram += Arrays.stream(oracles.unigram(x).loss()).sum();
      assertThat(Arrays.stream(oracles.told(x).loss()).sum())
          .isCloseTo(16 * Math.log(4), within(1e-9));
    }
    assertThat(pool).isLessThan(fresh).isGreaterThanOrEqualTo(40 * 16 * Math.log(4));
    assertThat(fresh).isLessThan(unigram);
  }

  @Example
  void oracles_meet_the_floors_of_the_figures() {
    int[] cells = {4, 8, 16, 32, 64, 128};
    double[] pool = {.153, .120, .103, .095, .091, .089};
    double[] fresh = {.573, .587, .393, .253, .172, .129};
    for (int k = 0; k < cells.length; k++) {
      List<Level> levels = task(paper(cells[k], Optional.of(256)), 1).levels("test");
      assertThat(loss(levels, "oracle")).as("S=" + cells[k]).isCloseTo(pool[k], within(.001));
      // Of 96 sequences; of 4 cells they differ most, since many return to an earlier state.
      double chance = cells[k] == 4 ? .04 : .012;
      assertThat(loss(levels, "fresh_bayes"))
          .as("S=" + cells[k])
          .isCloseTo(fresh[k], within(chance));
    }
    List<Level> levels = task(paper(16, Optional.empty()), 1).levels("test");
    assertThat(loss(levels, "oracle")).isCloseTo(.393, within(.025));
    assertThat(loss(levels, "unigram")).isCloseTo(1.366, within(.02));
    assertThat(loss(task(paper(64, Optional.empty()), 1).levels("test"), "unigram"))
        .isCloseTo(1.356, within(.02));
  }

  private static double loss(List<Level> levels, String name) {
    return levels.stream()
        .filter(l -> l.name().equals(name) && l.metric().equals("loss"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Example
  void small_automata_return_to_a_state_far_more_often() {
    double[] published = {.78, .09, .01};
    int[] cells = {4, 8, 16};
    for (int k = 0; k < cells.length; k++) {
      CellularAutomaton spec = paper(cells[k], Optional.empty());
      Sampled drawn = Sampled.of(task(spec, 1), spec.predicts(), 5, 0, 1500);
      int size = cells[k];
      long revisits =
          IntStream.range(0, 1500)
              .filter(
                  n ->
                      IntStream.range(0, 16)
                              .mapToObj(t -> Arrays.toString(drawn.state(n, t, size)))
                              .distinct()
                              .count()
                          < 16)
              .count();
      assertThat(revisits / 1500.0).isCloseTo(published[k], within(.04));
    }
  }
}
