package dev.emergence.dsl.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * One problem of a file.
 *
 * @param code the kind of problem
 * @param file the file's name as the user would write it
 * @param line line from 1; 0 when the whole file is meant
 * @param column column from 1, in code points
 * @param length length of the marked text
 * @param message what was found and what was expected
 * @param sourceLine the text of the line, or empty
 * @param hints what to do, and where related values are set; one line each
 */
@API(status = API.Status.MAINTAINED)
public record Diagnostic(
    Code code,
    String file,
    int line,
    int column,
    int length,
    String message,
    String sourceLine,
    List<String> hints) {
  private static final int WIDTH = 120;

  public Diagnostic {
    hints = List.copyOf(hints);
  }

  static Diagnostic at(Place place, Code code, String message, List<String> hints) {
    String text = place.line() == 0 ? "" : place.source().line(place.line());
    return new Diagnostic(
        code,
        place.source().name(),
        place.line(),
        place.column(),
        place.length(),
        message,
        text,
        hints);
  }

  /** Whether this is an error, so that the file cannot be run. */
  public boolean isError() {
    return code.isError();
  }

  /**
   * The problem as text: {@code file:line:column: error E102: message}, then the line with the
   * place marked, then the hints.
   */
  public String toText() {
    StringBuilder out = new StringBuilder(file);
    if (line > 0) {
      out.append(':').append(line).append(':').append(column);
    }
    out.append(": ")
        .append(isError() ? "error " : "warning ")
        .append(code)
        .append(": ")
        .append(message)
        .append('\n');
    if (line > 0) {
      excerpt(out);
    }
    hints.forEach(hint -> out.append("      ").append(hint).append('\n'));
    return out.toString();
  }

  /** A long line is shown around the marked place only. */
  private void excerpt(StringBuilder out) {
    int[] points = sourceLine.codePoints().toArray();
    int from =
        column <= WIDTH / 2 ? 0 : Math.max(0, Math.min(column - WIDTH / 2, points.length - WIDTH));
    int to = Math.min(points.length, from + WIDTH);
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.appendCodePoint(points[i] == '\t' ? ' ' : Texts.isHidden(points[i]) ? '?' : points[i]);
    }
    int mark = Math.max(0, Math.min(column - 1 - from, WIDTH));
    int length = Math.max(1, Math.min(length(), to - from - mark));
    out.append(String.format(java.util.Locale.ROOT, "%5d", line))
        .append(" | ")
        .append(text.toString().stripTrailing())
        .append('\n');
    out.append("      | ").append(" ".repeat(mark)).append("^".repeat(length)).append('\n');
  }

  /** The problem as a map, ready for JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("code", code.name());
    map.put("severity", isError() ? "error" : "warning");
    map.put("file", file);
    map.put("line", line);
    map.put("column", column);
    map.put("length", length);
    map.put("message", message);
    map.put("source", sourceLine);
    map.put("hints", hints);
    return map;
  }
}
