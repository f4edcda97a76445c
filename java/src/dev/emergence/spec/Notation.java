package dev.emergence.spec;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The notation of defaults, YAML's flow style without its subtleties: {@code {kind: adam}}, {@code
 * []}, {@code 1e-4}, {@code true}, words, {@code 'words in quotes'}.
 */
final class Notation {
  private final String text;
  private int at;

  private Notation(String text) {
    this.text = text;
  }

  /**
   * The tree of maps, lists, strings, booleans, longs and doubles that a text stands for.
   *
   * @throws IllegalArgumentException when it is not in this notation
   */
  static Object parse(String text) {
    Notation notation = new Notation(text);
    Object value = notation.value("");
    if (notation.at < text.length()) {
      throw notation.broken();
    }
    return value;
  }

  private IllegalArgumentException broken() {
    return new IllegalArgumentException("broken default '" + text + "' at character " + (at + 1));
  }

  private Object value(String ends) {
    blanks();
    Object value;
    if (at < text.length() && text.charAt(at) == '{') {
      value = map();
    } else if (at < text.length() && text.charAt(at) == '[') {
      value = list();
    } else {
      value = scalar(upTo(ends));
    }
    blanks();
    return value;
  }

  private void blanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private String upTo(String ends) {
    int start = at;
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at).strip();
  }

  private Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    blanks();
    while (!closes('}')) {
      String key = upTo(":");
      at++;
      map.put(key, value(",}"));
    }
    return map;
  }

  private List<Object> list() {
    List<Object> list = new ArrayList<>();
    at++;
    blanks();
    while (!closes(']')) {
      list.add(value(",]"));
    }
    return list;
  }

  /** Steps over the end, or over a comma before the next item. */
  private boolean closes(char end) {
    if (at >= text.length()) {
      throw broken();
    }
    char next = text.charAt(at);
    if (next == end || next == ',') {
      at++;
      blanks();
    }
    return next == end;
  }

  private static Object scalar(String word) {
    if (word.equals("true") || word.equals("false")) {
      return word.equals("true");
    }
    if (word.matches("'[^']*'")) {
      return word.substring(1, word.length() - 1);
    }
    if (!word.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?%?")) {
      return word;
    }
    boolean percent = word.endsWith("%");
    String number = percent ? word.substring(0, word.length() - 1) : word;
    boolean whole = !percent && new BigDecimal(number).stripTrailingZeros().scale() <= 0;
    double value = Double.parseDouble(number) * (percent ? 0.01 : 1);
    return whole && Math.abs(value) < 9e15 ? (Object) (long) value : (Object) value;
  }
}
