package dev.emergence.dsl.yaml;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the YAML library says about broken text, in words that help. */
final class YamlMistakes {
  private static final String END = "expected <block end>";
  private static final String AFTER = "text after a value";

  private static final Map<String, String> WORDS = new LinkedHashMap<>();
  private static final Map<String, String> HINTS = new LinkedHashMap<>();

  static {
    say(
        "mapping values are not allowed here",
        "a ':' that cannot stand here",
        "put quotes around text that holds ': '");
    say(
        END,
        "this line is not indented like its neighbours",
        "keys of one mapping begin in the same column");
    say(
        AFTER,
        "this cannot stand after a value that has ended",
        "look for a quote before it that is not closed, or that stands within a text: in single"
            + " quotes it is doubled");
    say("could not find expected ':'", "a key without ':'", "write 'key: value'");
    say("expected ',' or ']'", "a list [ ... that is not closed", "close it with ]");
    say("expected ',' or '}'", "a mapping { ... that is not closed", "close it with }");
    say(
        "found unexpected end of stream",
        "a quote that is not closed",
        "close it, or double a quote that is meant as text");
    say(
        "expected the node content",
        "the value is missing",
        "close what is open, or write the value");
    say(
        "cannot start any token",
        "this character cannot begin a value",
        "put quotes around the text");
    say(
        "found unknown escape character",
        "this escape is unknown",
        "write a backslash as \\\\, or use single quotes");
    say(
        "found undefined alias",
        "aliases (*name) are not supported",
        "use extends or write the value again");
    say(
        "sequence entries are not allowed here",
        "a list item '-' that cannot stand here",
        "put the list on lines of its own, or use [ ]");
  }

  private YamlMistakes() {}

  private static void say(String begin, String words, String hint) {
    WORDS.put(begin, words);
    HINTS.put(begin, hint);
  }

  /** The problem as it is where something stands before it on its line. */
  static String inLine(String problem) {
    return String.valueOf(problem).contains(END) ? AFTER : problem;
  }

  /** Whether the problem is that of {@link #inLine}; where its mapping begins says nothing then. */
  static boolean isInLine(String problem) {
    return AFTER.equals(problem);
  }

  /** What is wrong. */
  static String explain(String problem) {
    return find(WORDS, problem, "this is not YAML");
  }

  /** What to do. */
  static String hint(String problem) {
    return find(HINTS, problem, "after this place nothing was read");
  }

  private static String find(Map<String, String> table, String problem, String otherwise) {
    String text = String.valueOf(problem);
    return table.entrySet().stream()
        .filter(e -> text.contains(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
