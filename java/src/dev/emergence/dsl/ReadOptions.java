package dev.emergence.dsl;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * How a file is read.
 *
 * @param profile a profile of the file, which is applied last
 * @param sets texts {@code path=value} that replace values; if several set a path, the last one
 *     counts
 * @param yesMany whether more than 100,000 runs are allowed
 */
@API(status = API.Status.MAINTAINED)
public record ReadOptions(Optional<String> profile, List<String> sets, boolean yesMany) {
  public ReadOptions {
    sets = List.copyOf(sets);
  }

  /** The file without changes. */
  public static ReadOptions none() {
    return new ReadOptions(Optional.empty(), List.of(), false);
  }

  /** The options with one of the file's profiles. */
  public ReadOptions withProfile(String name) {
    return new ReadOptions(Optional.of(name), sets, yesMany);
  }

  /** The options with values {@code path=value}. */
  public ReadOptions withSets(String... values) {
    return new ReadOptions(profile, List.of(values), yesMany);
  }
}
