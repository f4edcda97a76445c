package dev.emergence.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What an experiment was understood from.
 *
 * @param file its name as it was given
 * @param profile the profile that was chosen
 * @param sets values that were put on top of it, {@code path=value}
 * @param bases files that it extends, as it names them
 * @param text the file as given
 * @param whole a file that gives the same experiment by itself; the same text where the given one
 *     does
 */
@API(status = API.Status.MAINTAINED)
public record Origin(
    String file,
    Optional<String> profile,
    List<String> sets,
    List<String> bases,
    String text,
    String whole) {
  public Origin {
    sets = List.copyOf(sets);
    bases = List.copyOf(bases);
  }

  /** A file that stands for itself. */
  public static Origin of(String file, String text) {
    return new Origin(file, Optional.empty(), List.of(), List.of(), text, text);
  }

  /** What was put on top of the file, as it is typed; empty when nothing was. */
  public String options() {
    StringBuilder out = new StringBuilder();
    profile.ifPresent(name -> out.append(" --profile ").append(name));
    sets.forEach(set -> out.append(" --set ").append(quoted(set)));
    return out.toString().strip();
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  Map<String, Object> tree() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("file", file);
    out.put("options", options());
    out.put("extends", bases);
    return out;
  }
}
