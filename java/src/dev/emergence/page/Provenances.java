package dev.emergence.page;

import dev.emergence.result.Damaged;
import dev.emergence.result.ResultsFolder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What computed the finished runs of a results folder. Each run is asked once, however often it is
 * shown: the page names it twice.
 *
 * <p>Not thread-safe.
 */
public final class Provenances {
  private final ResultsFolder results;
  private final Map<String, Found> found = new HashMap<>();

  /** What was read, or why it could not be. */
  private record Found(Map<String, Object> provenance, Optional<Damaged> damage) {}

  public Provenances(ResultsFolder results) {
    this.results = results;
  }

  /**
   * That of a finished run.
   *
   * @throws Damaged when it is not what was written
   */
  public Map<String, Object> of(String run) throws Damaged {
    Found known = found.computeIfAbsent(run, this::read);
    if (known.damage().isPresent()) {
      throw known.damage().get();
    }
    return known.provenance();
  }

  private Found read(String run) {
    try {
      return new Found(results.run(run).provenance(), Optional.empty());
    } catch (Damaged e) {
      return new Found(Map.of(), Optional.of(e));
    }
  }
}
