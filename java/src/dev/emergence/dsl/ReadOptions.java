package dev.emergence.dsl;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * How a file is read.
 *
 * @param profile the profile to merge last, if any
 * @param sets {@code path=value} texts of the command line, the last one strongest
 * @param yesMany whether more than 100,000 runs are wanted
 */
@API(status = API.Status.MAINTAINED)
public record ReadOptions(Optional<String> profile, List<String> sets, boolean yesMany) {
  public ReadOptions {
    sets = List.copyOf(sets);
  }

  /** As the file stands. */
  public static ReadOptions none() {
    return new ReadOptions(Optional.empty(), List.of(), false);
  }

  /** With one of the file's profiles. */
  public ReadOptions withProfile(String name) {
    return new ReadOptions(Optional.of(name), sets, yesMany);
  }

  /** With values of the command line. */
  public ReadOptions withSets(String... values) {
    return new ReadOptions(profile, List.of(values), yesMany);
  }
}
