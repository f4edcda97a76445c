package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Long words: broken into lines, and shortened by what they have in common. */
final class Wording {
  /** Where a long name may be broken: after a blank, a comma, an underscore, a hyphen, a slash. */
  private static final Pattern PIECE = Pattern.compile("[^ ,_/-]*[ ,_/-]*");

  private static final int LABEL_LINES = 3;
  private static final int MOST_LABEL_LINES = 6;

  /** Of a label's words that a small panel may have beside it uncut, in sizes of its letters. */
  private static final double WIDEST_WORD = 10;

  private Wording() {}

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    Matcher m = PIECE.matcher(text);
    while (m.find()) {
      if (!m.group().isEmpty()) {
        pieces.add(m.group());
      }
    }
    return pieces;
  }

  /**
   * The same texts without the words with which all begin and all end, where one of them is too
   * wide: what tells them apart is never cut. Texts that are equal stay.
   */
  static List<RichText> shortened(List<RichText> texts, double size, double width) {
    boolean fits = texts.stream().allMatch(t -> t.width(size) <= width);
    if (fits || texts.size() < 2 || new HashSet<>(texts).size() < texts.size()) {
      return texts;
    }
    List<List<RichText>> all = texts.stream().map(Wording::richPieces).toList();
    int shortest = all.stream().mapToInt(List::size).min().orElse(0);
    int front = 0;
    while (front < shortest - 1 && same(all, front, false)) {
      front++;
    }
    int back = 0;
    while (back < shortest - 1 - front && same(all, back, true)) {
      back++;
    }
    List<RichText> out = new ArrayList<>();
    for (List<RichText> words : all) {
      RichText middle = front > 0 ? RichText.plain("…") : RichText.EMPTY;
      for (RichText word : words.subList(front, words.size() - back)) {
        middle = middle.then(word);
      }
      out.add(back > 0 ? middle.then("…") : middle);
    }
    return out;
  }

  private static boolean same(List<List<RichText>> all, int k, boolean fromEnd) {
    return all.stream().map(w -> w.get(fromEnd ? w.size() - 1 - k : k)).distinct().count() == 1;
  }

  /**
   * A text in lines that are at most so wide, the last one cut when there are more than allowed. A
   * text with raised, lowered or italic parts is broken between its plain words only, and none at
   * an equals sign.
   */
  static List<RichText> lines(RichText text, double size, double width, int most) {
    if (text.isEmpty() || text.width(size) <= width) {
      return List.of(text);
    }
    List<RichText> lines = new ArrayList<>();
    RichText line = RichText.EMPTY;
    for (RichText piece : richPieces(text)) {
      RichText longer = line.then(piece);
      if (!line.isEmpty() && longer.trimmed().width(size) > width) {
        lines.add(line.trimmed());
        line = piece;
      } else {
        line = longer;
      }
    }
    lines.add(line.trimmed());
    List<RichText> kept = new ArrayList<>(lines.subList(0, Math.min(most, lines.size())));
    if (lines.size() > most) {
      kept.set(most - 1, kept.get(most - 1).then(" …"));
    }
    kept.replaceAll(l -> l.within(size, width));
    return kept;
  }

  /**
   * A label in lines that are at most so wide, where they are few enough. One that would be cut is
   * whole in more lines, as wide as its longest word; one that would need still more is cut.
   */
  static List<RichText> label(RichText text, double size, double width) {
    List<RichText> few = lines(text, size, width, LABEL_LINES);
    if (few.stream().noneMatch(Wording::isCut)) {
      return few;
    }
    double word = widest(richPieces(text).stream().map(RichText::trimmed).toList(), size);
    List<RichText> all = lines(text, size, Math.max(width, word), MOST_LABEL_LINES);
    boolean whole = word <= WIDEST_WORD * size && all.stream().noneMatch(Wording::isCut);
    return whole ? all : few;
  }

  /** Width of the widest of some lines; 0 of none. */
  static double widest(List<RichText> lines, double size) {
    return lines.stream().mapToDouble(line -> line.width(size)).max().orElse(0);
  }

  private static boolean isCut(RichText line) {
    return line.letters().endsWith("…");
  }

  private static List<RichText> richPieces(RichText text) {
    List<RichText> pieces = new ArrayList<>();
    boolean glued = false;
    for (RichText.Span span : text.spans()) {
      for (String part : pieces(span.text())) {
        RichText piece =
            new RichText(List.of(new RichText.Span(part, span.italic(), span.level())));
        if ((glued || part.startsWith("=")) && !pieces.isEmpty()) {
          pieces.set(pieces.size() - 1, pieces.get(pieces.size() - 1).then(piece));
        } else {
          pieces.add(piece);
        }
        glued = " ,_/-".indexOf(part.charAt(part.length() - 1)) < 0 || part.endsWith("= ");
      }
    }
    return pieces;
  }

  /** Sentences in lines of so many ems; a word that is wider is cut. */
  static List<String> wrap(List<String> sentences, double ems) {
    List<String> lines = new ArrayList<>();
    for (String sentence : sentences) {
      lines.addAll(wrap(sentence, ems));
    }
    return lines;
  }

  private static List<String> wrap(String sentence, double ems) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : Arrays.asList(sentence.split("\\s+"))) {
      String fitting = TextWidth.em(word) <= ems ? word : TextWidth.prefix(word, ems - 1) + "…";
      if (!line.isEmpty() && TextWidth.em(line + " " + fitting) > ems) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(fitting);
    }
    lines.add(line.toString());
    return lines;
  }
}
