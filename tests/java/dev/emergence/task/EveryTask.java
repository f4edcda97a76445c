package dev.emergence.task;

import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.Nested;

/** The contract of every task, for one backend: what its operations draw is what the task means. */
abstract class EveryTask {
  abstract Backend backend();

  @Nested
  class Regression implements RegressionCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Recall implements RecallCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Maps implements LinearMapCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Automata implements AutomatonCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Languages implements SyntheticLanguageCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Chains implements MarkovChainCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Queries implements MultiQueryRecallCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Examples implements InContextClassificationCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Lags implements InterleavedChainsCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Graphs implements CausalGraphCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Bigrams implements TriggerBigramsCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Sums implements ModularAdditionCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class WindowSums implements WindowSumCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }

  @Nested
  class Blocks implements BlockRecallCase {
    @Override
    public Backend backend() {
      return EveryTask.this.backend();
    }
  }
}
