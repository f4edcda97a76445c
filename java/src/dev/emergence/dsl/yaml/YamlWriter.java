package dev.emergence.dsl.yaml;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A tree as a file that reads back as the same tree. */
public final class YamlWriter {
  /** Longest list that is written on one line. */
  private static final int WIDTH = 100;

  /** Longest piece of a text in one line; readers refuse longer lines than they can show. */
  private static final int PIECE = 1000;

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  /**
   * The file.
   *
   * @param heading comment lines, without their signs
   */
  public static String write(Node.Mapping tree, List<String> heading) {
    YamlWriter writer = new YamlWriter();
    heading.forEach(line -> writer.out.append("# ").append(line).append('\n'));
    writer.mapping(tree, 0);
    return writer.out.toString();
  }

  private void mapping(Node.Mapping mapping, int indent) {
    boolean first = true;
    for (Map.Entry<String, Node.Entry> entry : mapping.entries().entrySet()) {
      if (!first || indent == 0) {
        out.append(" ".repeat(indent));
      }
      first = false;
      out.append(key(entry.getKey())).append(':');
      value(entry.getValue().value(), indent + 2);
    }
  }

  /** What follows a key, up to the end of its last line. */
  private void value(Node node, int indent) {
    String line = flow(node);
    if (line.length() <= WIDTH || node instanceof Node.Scalar || isEmpty(node)) {
      out.append(line.isEmpty() ? "" : " ").append(line).append('\n');
    } else if (node instanceof Node.Mapping mapping) {
      out.append('\n').append(" ".repeat(indent));
      mapping(mapping, indent);
    } else if (node instanceof Node.Sequence sequence) {
      out.append('\n');
      for (Node item : sequence.items()) {
        out.append(" ".repeat(indent)).append('-');
        item(item, indent + 2);
      }
    }
  }

  private void item(Node node, int indent) {
    if (node instanceof Node.Mapping mapping && flow(node).length() > WIDTH) {
      out.append(' ');
      mapping(mapping, indent);
    } else {
      value(node, indent);
    }
  }

  private static boolean isEmpty(Node node) {
    return (node instanceof Node.Mapping m && m.entries().isEmpty())
        || (node instanceof Node.Sequence s && s.items().isEmpty());
  }

  /** On one line. */
  private static String flow(Node node) {
    if (node instanceof Node.Mapping mapping) {
      return mapping.entries().entrySet().stream()
          .map(e -> key(e.getKey()) + ": " + flow(e.getValue().value()))
          .collect(Collectors.joining(", ", "{", "}"));
    } else if (node instanceof Node.Sequence sequence) {
      return sequence.items().stream()
          .map(YamlWriter::flow)
          .collect(Collectors.joining(", ", "[", "]"));
    } else if (node instanceof Node.Scalar scalar) {
      return scalar(scalar);
    }
    throw new IllegalArgumentException("a broken value cannot be written");
  }

  private static String scalar(Node.Scalar scalar) {
    if (scalar.isNull()) {
      return "null";
    }
    return !scalar.quoted() && isPlain(scalar.text()) ? scalar.text() : quoted(scalar.text());
  }

  private static String key(String key) {
    return isPlain(key) ? key : quoted(key);
  }

  /** Whether a text can stand without quotes anywhere, also inside braces and brackets. */
  private static boolean isPlain(String text) {
    return text.matches("[A-Za-z0-9_.+-][A-Za-z0-9_.+%/-]*( [A-Za-z0-9_.+%/-]+)*")
        && !text.matches("-|---|\\.\\.\\.|- .*");
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    int inPiece = 0;
    for (int c : (Iterable<Integer>) text.codePoints()::iterator) {
      if (inPiece++ >= PIECE && c != ' ') {
        out.append("\\\n  ");
        inPiece = 0;
      }
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (Texts.isHidden(c)) {
            out.append(String.format(Locale.ROOT, c > 0xffff ? "\\U%08X" : "\\u%04X", c));
          } else {
            out.appendCodePoint(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
