package dev.emergence.dsl;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names a file may give: to itself, and to its sweeps, fits, plots and other parts. */
final class NameChecks {
  /** Names become folders, so they hold nothing that a file system or a shell could misread. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /** Names inside a file; they appear in formulas (T_plateau) and column names (test.loss). */
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  /** Names that common readers of tables do not take for text; in small letters. */
  private static final Set<String> MISSING =
      Set.of("na", "nan", "null", "inf", "infinity", "true", "false");

  private static final List<String> NAMED =
      List.of("sweeps", "fits", "claims", "plots", "studies", "profiles");

  private final Diagnostics out;
  private final Node.Mapping tree;

  NameChecks(Diagnostics out, Node.Mapping tree) {
    this.out = out;
    this.tree = tree;
  }

  /**
   * Reports every name that may not be one.
   *
   * @param parts what is bound of the file, by key
   */
  void all(Map<String, Object> parts) {
    if (parts.get("name") instanceof String name && !NAME.matcher(name).matches()) {
      out.report(
          Trees.nearest(tree, "name", tree.place()),
          Code.E113,
          "name must be 1 to 64 lower-case letters, digits and hyphens, got '"
              + Texts.shorten(name)
              + "'",
          "it names the results folder");
    }
    for (String section : NAMED) {
      checkWords(section);
    }
    reserved(
        "fits",
        List.of("mean", "none"),
        "choose another name: in plots, line: mean and line: none have a meaning of their own");
    reserved(
        "measurement.thresholds", List.of("last"), "pictures_at: last is the end of the training");
    checkWords("measurement.test_sets");
    checkWords("measurement.thresholds");
    if (tree.get("sweeps") instanceof Node.Mapping sweeps) {
      sweeps.entries().keySet().forEach(name -> checkWords("sweeps." + name + ".variants"));
    }
  }

  /** Names that have a meaning of their own where this section's names are used. */
  private void reserved(String path, List<String> words, String why) {
    if (Trees.find(tree, path) instanceof Node.Mapping named) {
      words.stream()
          .filter(named.entries()::containsKey)
          .forEach(word -> refuse(path, word, named.entries().get(word), why));
    }
  }

  private void refuse(String path, String name, Node.Entry entry, String why) {
    String message = "'" + Texts.shorten(name) + "' cannot be a name in " + path;
    out.report(entry.key(), Code.E113, message, why);
  }

  private void checkWords(String path) {
    if (Trees.find(tree, path) instanceof Node.Mapping named) {
      named
          .entries()
          .forEach(
              (name, entry) -> {
                if (!WORD.matcher(name).matches()) {
                  refuse(
                      path,
                      name,
                      entry,
                      "names are a letter, then at most 63 letters, digits, _ and -");
                } else if (MISSING.contains(name.toLowerCase(Locale.ROOT))) {
                  refuse(
                      path,
                      name,
                      entry,
                      "programs that read the tables take it for a missing value, a number or a"
                          + " truth value");
                }
              });
    }
  }
}
