package dev.emergence.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Where an experiment comes from.
 *
 * @param file the file's name as it was given
 * @param profile the profile that was chosen
 * @param sets values {@code path=value} that replaced the file's
 * @param bases the files that it extends, as it names them
 * @param text the text of the file as it was given
 * @param whole a text that gives the same experiment without other files; equal to {@code text} if
 *     that does so itself
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

  /** The origin of a file that is complete in itself. */
  public static Origin of(String file, String text) {
    return new Origin(file, Optional.empty(), List.of(), List.of(), text, text);
  }

  /** The options that changed the file, as they are typed; empty when there are none. */
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
