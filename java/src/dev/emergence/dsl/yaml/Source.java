package dev.emergence.dsl.yaml;

import java.util.List;

/**
 * A text that was read, and what it is called in messages.
 *
 * @param name the file's path as the user would write it, or {@code --set}
 * @param order place in the order of messages: the file that was asked for has 0
 * @param layer what its values count as
 * @param text the whole text, with line feeds only
 */
public record Source(String name, int order, Layer layer, String text, List<String> lines) {
  /** Splits {@code text} into lines. */
  public static Source of(String name, int order, Layer layer, String text) {
    return new Source(name, order, layer, text, List.of(text.split("\n", -1)));
  }

  /** Line {@code number}, from 1; empty beyond the end. */
  String line(int number) {
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
  }

  /** The number of spaces that a line begins with. */
  int indentation(int number) {
    String line = line(number);
    return line.length() - line.stripLeading().length();
  }

  /** The text of a line from {@code column} on, counted in code points from 1. */
  public String from(int number, int column) {
    String line = line(number);
    int points = line.codePointCount(0, line.length());
    return column < 1 || column > points
        ? ""
        : line.substring(line.offsetByCodePoints(0, column - 1));
  }

  /** The first {@code count} lines, under the same name. */
  Source upTo(int count) {
    return of(name, order, layer, String.join("\n", lines.subList(0, count)) + "\n");
  }

  @Override
  public String toString() {
    return name;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
