package dev.emergence.watch;

import dev.emergence.page.RunView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a page shows: one results folder, or several. {@link #look} is for one thread; the answers
 * are for any.
 */
interface Shown {
  /** The page's title. */
  String name();

  /**
   * Reads anew.
   *
   * @return what changed since the last look, as a patch of the snapshot; empty when nothing did
   */
  Map<String, Object> look();

  /** What was read last. */
  Map<String, Object> snapshot();

  /** The runs as they were read last. */
  List<RunView> runs();

  /** A run by its name on the page; a name that is none is nobody's. */
  default Optional<RunView> run(String key) {
    return runs().stream().filter(run -> run.key().equals(key)).findFirst();
  }

  /** One run's own page; empty when there is no such run. */
  Optional<Map<String, Object>> details(String key);

  /** A run's attention patterns; empty when there is no such run. */
  Optional<Map<String, Object>> film(String key);
}
