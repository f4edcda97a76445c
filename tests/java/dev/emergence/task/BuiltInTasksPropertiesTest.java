package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.BlockRecall;
import dev.emergence.spec.CausalGraph;
import dev.emergence.spec.CellularAutomaton;
import dev.emergence.spec.InContextClassification;
import dev.emergence.spec.InterleavedChains;
import dev.emergence.spec.LinearMap;
import dev.emergence.spec.MarkovChain;
import dev.emergence.spec.MarkovChain.Stationary;
import dev.emergence.spec.ModularAddition;
import dev.emergence.spec.MultiQueryRecall;
import dev.emergence.spec.SyntheticLanguage;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TriggerBigrams;
import dev.emergence.spec.WindowSum;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Group;
import net.jqwik.api.Property;

/** What every task in plain Java must keep, of ours. */
class BuiltInTasksPropertiesTest {

  /** Ours say exactly whether a part of them is drawn once a run, so that W203 can be right. */
  abstract static class Ours<S extends Record & TaskSpec> extends SequenceTaskProperties<S> {
    private static final int SEEDS = 40;
    private static final int SEQUENCES = 8;

    @Property(tries = 60, seed = "17")
    void what_the_seed_of_the_task_decides_is_what_the_record_says(@ForAll("settings") S spec) {
      Sampled first = sampled(spec, 0);
      boolean differs = false;
      for (int seed = 1; seed <= SEEDS && !differs; seed++) {
        differs = !sampled(spec, seed).same(first);
      }
      assertThat(spec.drawsOnce(false)).as("%s", spec).isEqualTo(differs);
    }

    /** Sequences of one stream of data, of the task of a seed. */
    private Sampled sampled(S spec, int seed) {
      return Sampled.of(task(spec, seed), spec.predicts(), 3, 1, SEQUENCES);
    }
  }

  @Group
  class LinearMaps extends Ours<LinearMap> {
    @Override
    protected TaskKind<LinearMap> kind() {
      return TaskKind.of(LinearMap.class, LinearMapSequences::of);
    }

    @Override
    protected Arbitrary<LinearMap> settings() {
      return Specs.of(LinearMap.class, 9)
          .filter(s -> s.parents() <= s.cells() && s.written() <= s.cells())
          .filter(s -> !s.outputsHidden() || s.states() == 2);
    }
  }

  @Group
  class Automata extends Ours<CellularAutomaton> {
    @Override
    protected TaskKind<CellularAutomaton> kind() {
      return TaskKind.of(CellularAutomaton.class, AutomatonSequences::of);
    }

    @Override
    protected Arbitrary<CellularAutomaton> settings() {
      return Specs.of(CellularAutomaton.class, 5).filter(s -> s.ruleWidth() % 2 == 1);
    }
  }

  @Group
  class BlockRecalls extends Ours<BlockRecall> {
    @Override
    protected TaskKind<BlockRecall> kind() {
      return TaskKind.of(BlockRecall.class, BlockRecallSequences::of);
    }

    @Override
    protected Arbitrary<BlockRecall> settings() {
      return Specs.of(BlockRecall.class, 6)
          .filter(s -> s.relevant() <= s.attributes() && s.blocks() <= s.codes());
    }
  }

  @Group
  class Chains extends Ours<MarkovChain> {
    @Override
    protected TaskKind<MarkovChain> kind() {
      return TaskKind.of(MarkovChain.class, (spec, stream) -> new MarkovChainSequences(spec));
    }

    @Override
    protected Arbitrary<MarkovChain> settings() {
      return Specs.of(MarkovChain.class, 6)
          .filter(s -> s.order() < s.sequenceLength())
          .filter(s -> s.stationary() == Stationary.ANY || s.symbols() == 2 && s.order() == 1);
    }
  }

  @Group
  class Queries extends Ours<MultiQueryRecall> {
    @Override
    protected TaskKind<MultiQueryRecall> kind() {
      return TaskKind.of(
          MultiQueryRecall.class, (spec, stream) -> new MultiQueryRecallSequences(spec));
    }

    @Override
    protected Arbitrary<MultiQueryRecall> settings() {
      return Specs.of(MultiQueryRecall.class, 7)
          .filter(s -> s.queries() <= s.pairs() && s.pairs() <= s.keys());
    }
  }

  @Group
  class Examples extends Ours<InContextClassification> {
    @Override
    protected TaskKind<InContextClassification> kind() {
      return TaskKind.of(InContextClassification.class, InContextClassificationSequences::of);
    }

    @Override
    protected Arbitrary<InContextClassification> settings() {
      return Specs.of(InContextClassification.class, 9)
          .filter(
              s ->
                  s.labels() <= s.classes()
                      && s.pairs() % s.burstiness() == 0
                      && s.contextClasses() < s.classes());
    }
  }

  @Group
  class Lags extends Ours<InterleavedChains> {
    @Override
    protected TaskKind<InterleavedChains> kind() {
      return TaskKind.of(InterleavedChains.class, InterleavedChainsSequences::of);
    }

    @Override
    protected Arbitrary<InterleavedChains> settings() {
      return Specs.of(InterleavedChains.class, 7).filter(s -> s.lags() < s.sequenceLength());
    }
  }

  @Group
  class Graphs extends Ours<CausalGraph> {
    @Override
    protected TaskKind<CausalGraph> kind() {
      return TaskKind.of(CausalGraph.class, CausalGraphSequences::of);
    }

    @Override
    protected Arbitrary<CausalGraph> settings() {
      return Specs.of(CausalGraph.class, 8).filter(s -> s.children() > 0);
    }
  }

  @Group
  class Triggered extends Ours<TriggerBigrams> {
    @Override
    protected TaskKind<TriggerBigrams> kind() {
      return TaskKind.of(TriggerBigrams.class, TriggerBigramsSequences::of);
    }

    @Override
    protected Arbitrary<TriggerBigrams> settings() {
      return Specs.of(TriggerBigrams.class, 8).filter(s -> s.triggers() < s.vocabulary());
    }
  }

  @Group
  class Sums extends Ours<ModularAddition> {
    @Override
    protected TaskKind<ModularAddition> kind() {
      return TaskKind.of(ModularAddition.class, ModularAdditionSequences::of);
    }

    /** A single training pair may be the same one of several seeds. */
    @Override
    protected Arbitrary<ModularAddition> settings() {
      return Specs.of(ModularAddition.class, 9)
          .filter(s -> s.drawn() > 1 && s.drawn() < s.drawable());
    }
  }

  @Group
  class WindowSums extends Ours<WindowSum> {
    @Override
    protected TaskKind<WindowSum> kind() {
      return TaskKind.of(WindowSum.class, (spec, stream) -> new WindowSumSequences(spec));
    }

    @Override
    protected Arbitrary<WindowSum> settings() {
      return Specs.of(WindowSum.class, 9).filter(s -> s.window() <= s.numbers());
    }
  }

  @Group
  class Languages extends Ours<SyntheticLanguage> {
    @Override
    protected TaskKind<SyntheticLanguage> kind() {
      return TaskKind.of(SyntheticLanguage.class, SyntheticLanguageSequences::of);
    }

    @Override
    protected Arbitrary<SyntheticLanguage> settings() {
      return SyntheticLanguagePropertiesTest.languages();
    }
  }
}
