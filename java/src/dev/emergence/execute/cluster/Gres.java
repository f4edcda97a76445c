package dev.emergence.execute.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A generic resource as Slurm writes it, {@code name[:type][:count]}: one that is asked for, or one
 * that a node offers.
 *
 * @param type empty: any
 */
record Gres(String name, String type, long count) {
  /** The mark of a resource that jobs share stands where a type would. */
  private static final Pattern ONE =
      Pattern.compile(
          "([^:=]+?)(?::no_consume)?(?::(?!\\d+[KMGTP]?(?::|$))([^:=]+))?(?::(\\d{1,9})([KMGTP]?))?");

  private static final String SUFFIXES = "KMGTP";

  /** Those of a list; what is written in another way is left out. */
  static List<Gres> list(String text) {
    List<Gres> out = new ArrayList<>();
    // Behind a count, in parentheses, stands which cores or devices these are.
    for (String part : text.replaceAll("\\([^)]*\\)", "").split(",")) {
      Matcher m = ONE.matcher(part.strip());
      if (m.matches()) {
        out.add(new Gres(m.group(1), m.group(2) == null ? "" : m.group(2), count(m)));
      }
    }
    return out;
  }

  private static long count(Matcher m) {
    return m.group(3) == null
        ? 1
        : Long.parseLong(m.group(3))
            << 10 * (SUFFIXES.indexOf(m.group(4).isEmpty() ? "?" : m.group(4)) + 1);
  }

  /** Whether a node that offers these has as many. */
  boolean fits(List<Gres> offered) {
    return offered.stream()
            .filter(o -> o.name.equals(name) && (type.isEmpty() || o.type.equals(type)))
            .mapToLong(Gres::count)
            .sum()
        >= count;
  }
}
