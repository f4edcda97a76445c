package dev.emergence.plan;

import dev.emergence.spec.Condition;
import org.apiguardian.api.API;

/**
 * Says which run gives the result of a condition and a seed.
 *
 * @param condition a condition of a sweep
 * @param index the condition's place in the sweep, from 0
 * @param seed the seed, as written in the file
 * @param own the run as this condition alone asks for it. Its configuration and its seed say what
 *     is drawn, which {@code seeds.vary} and {@code seeds.paired} decide; the condition's do not.
 */
@API(status = API.Status.MAINTAINED)
public record Assignment(Condition condition, int index, int seed, Run own) {

  /** The id of the run; several assignments may share it. */
  public String run() {
    return own.id();
  }
}
