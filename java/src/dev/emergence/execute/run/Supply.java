package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import java.io.IOException;
import java.util.List;

/** More runs of one shape, for those who have a place to train them. */
interface Supply {
  /** Has no more. */
  Supply NONE =
      new Supply() {
        @Override
        public List<PlannedRun> more(int most) {
          return List.of();
        }

        @Override
        public void ended(PlannedRun run) {}
      };

  /**
   * Runs that nobody else works on. Does not wait for those that others have.
   *
   * @param most at most so many; fewer, or none, when there are no more
   */
  List<PlannedRun> more(int most) throws IOException;

  /** A run is stored, so that nobody has to keep others from it. */
  void ended(PlannedRun run) throws IOException;
}
