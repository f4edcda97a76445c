package dev.emergence.dsl.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Bytes to text. What an editor would hide, and what YAML readers disagree about, is refused with
 * its place.
 */
public final class TextFile {
  /** Larger than any experiment; small enough to be read in a blink. */
  public static final int LARGEST = 1 << 18;

  /** A longer line cannot be read by people, and places in it would cost quadratic time. */
  static final int LONGEST_LINE = 4000;

  private TextFile() {}

  /**
   * The text with line feeds only and without a byte order mark; empty when nothing can be made of
   * the bytes.
   */
  public static Optional<Source> decode(
      String name, int order, Layer layer, byte[] bytes, Diagnostics out) {
    Source nothing = Source.of(name, order, layer, "");
    if (bytes.length > LARGEST) {
      out.report(
          Place.whole(nothing),
          Code.E103,
          "the file has more than " + LARGEST + " bytes",
          "an experiment file is a page or two");
      return Optional.empty();
    }
    CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, chars, true);
    String text = chars.flip().toString();
    if (result.isError()) {
      Source sofar = Source.of(name, order, layer, clean(text));
      out.report(end(sofar), Code.E103, invalid(bytes, in.position()), "save the file as UTF-8");
      return Optional.empty();
    }
    Source source = Source.of(name, order, layer, clean(text));
    return hasLongLine(source, out) | hasHidden(source, out)
        ? Optional.empty()
        : Optional.of(source);
  }

  private static boolean hasLongLine(Source source, Diagnostics out) {
    for (int number = 1; number <= source.lines().size(); number++) {
      if (source.line(number).length() > LONGEST_LINE) {
        out.report(
            Place.of(source, number, LONGEST_LINE, 1),
            Code.E103,
            "the line has more than " + LONGEST_LINE + " characters",
            "break it, or use {from, to, num} for a long axis");
        return true;
      }
    }
    return false;
  }

  private static String invalid(byte[] bytes, int at) {
    if (at == 0 && bytes.length >= 2 && ((bytes[0] & 0xff) >= 0xfe && (bytes[1] & 0xff) >= 0xfe)) {
      return "the file is UTF-16, not UTF-8";
    }
    return String.format(
        java.util.Locale.ROOT, "byte %d (0x%02X) is not UTF-8", at + 1, bytes[at] & 0xff);
  }

  private static String clean(String text) {
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return body.replace("\r\n", "\n");
  }

  private static Place end(Source source) {
    int line = source.lines().size();
    String last = source.line(line);
    return Place.of(source, line, last.codePointCount(0, last.length()) + 1, 1);
  }

  /**
   * Reports characters that cannot be seen, or be told from a space: they are accidents, or they
   * make a file look like what it is not. Spaces of other widths may stand in quotes and comments.
   */
  private static boolean hasHidden(Source source, Diagnostics out) {
    boolean any = false;
    for (int number = 1; number <= source.lines().size(); number++) {
      String line = source.line(number);
      int text = line.length();
      for (int at = 0; at < line.length(); at += Character.charCount(line.codePointAt(at))) {
        int c = line.codePointAt(at);
        text = at < text && beginsText(line, at) ? at : text;
        boolean space = c != ' ' && Character.getType(c) == Character.SPACE_SEPARATOR && at < text;
        if (space || (Texts.isHidden(c) && c != '\t')) {
          int column = line.codePointCount(0, at) + 1;
          out.report(
              Place.of(source, number, column, 1),
              Code.E103,
              name(c) + " is not allowed",
              space ? "type a space; text that needs it goes into quotes" : "delete it");
          any = true;
          break;
        }
      }
    }
    return any;
  }

  /** Whether a quote or a comment begins here: what follows on the line is for people. */
  private static boolean beginsText(String line, int at) {
    char c = line.charAt(at);
    boolean apart = at == 0 || " [{,:-".indexOf(line.charAt(at - 1)) >= 0;
    return apart && (c == '"' || c == '\'' || c == '#');
  }

  private static String name(int c) {
    return switch (c) {
      case '\r' -> "a carriage return without a line feed";
      case 0xA0 -> "a no-break space (U+00A0)";
      default ->
          String.format(
              java.util.Locale.ROOT,
              "the %s character U+%04X",
              Texts.isHidden(c) ? "invisible" : "space-like",
              c);
    };
  }

  /**
   * The text before the first line indented by a tab, which is reported; YAML readers cannot go on
   * there.
   */
  static Optional<Source> beforeTab(Source source, Diagnostics out) {
    for (int number = 1; number <= source.lines().size(); number++) {
      String line = source.line(number);
      int indent = line.length() - line.stripLeading().length();
      int tab = line.indexOf('\t');
      if (tab >= 0 && tab < indent && indent < line.length()) {
        out.report(
            Place.of(source, number, tab + 1, 1),
            Code.E101,
            "a tab cannot indent YAML; use spaces");
        return Optional.of(source.upTo(number - 1));
      }
    }
    return Optional.empty();
  }
}
