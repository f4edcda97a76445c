package dev.emergence.dsl.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * YAML text to located nodes. What makes YAML dangerous or ambiguous is refused here: aliases,
 * anchors, tags, merge keys, several documents, duplicate keys, deep nesting.
 */
public final class YamlTree {
  /** Deeper than any sensible file, shallower than any stack. */
  private static final int DEEPEST = 40;

  /** More keys than anyone writes; few enough that no check takes long. */
  private static final int MOST_KEYS = 1000;

  private static final YAMLFactory FACTORY = YAMLFactory.builder().build();

  private final Source source;
  private final Diagnostics out;
  private final YAMLParser parser;
  private boolean complete = true;

  /**
   * What could be read.
   *
   * @param root empty when the text holds nothing, or nothing that could be read
   * @param complete whether the text was read to its end; if not, missing keys mean nothing
   */
  public record Parsed(Optional<Node> root, boolean complete) {}

  private YamlTree(Source source, Diagnostics out, YAMLParser parser) {
    this.source = source;
    this.out = out;
    this.parser = parser;
  }

  /** Reads the text up to the end, or up to where a tab indents it or it stops being YAML. */
  public static Parsed parse(Source source, Diagnostics out) {
    Optional<Source> before = TextFile.beforeTab(source, out);
    Parsed parsed = read(before.orElse(source), out);
    return before.isEmpty() ? parsed : new Parsed(parsed.root().map(YamlTree::openEnd), false);
  }

  private static Parsed read(Source source, Diagnostics out) {
    try (YAMLParser parser =
        (YAMLParser)
            FACTORY.createParser(ObjectReadContext.empty(), new StringReader(source.text()))) {
      YamlTree tree = new YamlTree(source, out, parser);
      return tree.document();
    }
  }

  private Parsed document() {
    Node root = null;
    if (next() != null) {
      root = value(0);
      if (complete && next() != null) {
        out.report(
            here(3),
            Code.E105,
            "several documents in one file are not supported",
            "put each experiment into a file of its own");
      }
    }
    return new Parsed(Optional.ofNullable(root), complete);
  }

  private JsonToken next() {
    if (!complete) {
      return null;
    }
    try {
      return parser.nextToken();
    } catch (JacksonException e) {
      complete = false;
      syntax(e);
      return null;
    } catch (RuntimeException e) {
      // The YAML library has bugs of its own on hostile input; they are problems of the file, not
      // of this program.
      complete = false;
      out.report(here(1), Code.E100, "this is not YAML", "after this place nothing was read");
      return null;
    }
  }

  private void syntax(JacksonException e) {
    if (e.getCause() instanceof MarkedYamlEngineException marked) {
      Mark mark = marked.getProblemMark().or(marked::getContextMark).orElse(null);
      Place place =
          mark == null ? here(1) : Place.of(source, mark.getLine() + 1, mark.getColumn() + 1, 1);
      String context =
          marked.getContextMark().map(m -> " (begun at line " + (m.getLine() + 1) + ")").orElse("");
      if (source.from(place.line(), place.column()).startsWith("\t")) {
        tab(place);
        return;
      }
      boolean first = source.indentation(place.line()) == place.column() - 1;
      String problem = first ? marked.getProblem() : YamlMistakes.inLine(marked.getProblem());
      String words =
          YamlMistakes.explain(problem) + (YamlMistakes.isInLine(problem) ? "" : context);
      out.report(place, Code.E100, words, YamlMistakes.hint(problem));
    } else {
      boolean key = String.valueOf(e.getOriginalMessage()).startsWith("Expected a property name");
      out.report(
          here(1),
          key ? Code.E105 : Code.E100,
          key ? "a key must be a single word" : "this is not YAML",
          "after this place nothing was read");
    }
  }

  /** Nobody sees a tab, so its message says where on the line it is. */
  private void tab(Place place) {
    String rest = source.from(place.line(), place.column()).strip();
    if (source.line(place.line()).isBlank()) {
      out.report(place, Code.E101, "an empty line cannot hold a tab; delete it");
    } else if (rest.isEmpty()) {
      out.report(place, Code.E101, "a tab cannot end a line; delete it");
    } else if (rest.startsWith("#")) {
      out.report(place, Code.E101, "a tab cannot stand before this comment; use a space");
    } else {
      out.report(place, Code.E101, "a tab cannot stand between a key and its value; use a space");
    }
  }

  private Place here(int length) {
    TokenStreamLocation at = parser.currentTokenLocation();
    return Place.of(source, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()), length);
  }

  /** The value that the current token begins; null when nothing could be read. */
  private Node value(int depth) {
    Place start = here(1);
    if (depth > DEEPEST) {
      out.report(start, Code.E118, "nested more than " + DEEPEST + " deep");
      complete = false;
      return null;
    }
    JsonToken token = parser.currentToken();
    boolean refused = refuseReferences(start);
    Node node =
        token == JsonToken.START_OBJECT
            ? mapping(start, depth)
            : token == JsonToken.START_ARRAY ? sequence(start, depth) : scalar(start);
    return refused ? new Node.Broken(start) : node;
  }

  private Node mapping(Place start, int depth) {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    JsonToken token;
    String last = "";
    while ((token = next()) != null && token != JsonToken.END_OBJECT) {
      String key = parser.getString();
      Place at = here(keyLength(key));
      refuseReferences(at);
      if (entries.size() == MOST_KEYS) {
        out.report(at, Code.E118, "a mapping with more than " + MOST_KEYS + " keys");
        complete = false;
      }
      if (next() == null) {
        break;
      }
      Node value = value(depth + 1);
      if (value != null) {
        put(entries, key, new Node.Entry(at, value));
        last = key;
      }
    }
    if (!complete && entries.containsKey(last)) {
      entries.computeIfPresent(
          last, (key, entry) -> new Node.Entry(entry.key(), doubtful(entry.value())));
    }
    return new Node.Mapping(entries, start);
  }

  /** The single value before a syntax error may have swallowed what comes after it. */
  private static Node doubtful(Node node) {
    return node instanceof Node.Scalar ? new Node.Broken(node.place()) : node;
  }

  /** The tree of a text that was cut: its last key may have its value in what was not read. */
  static Node openEnd(Node node) {
    if (node instanceof Node.Scalar s && s.isNull()) {
      return new Node.Broken(s.place());
    }
    if (!(node instanceof Node.Mapping m) || m.entries().isEmpty()) {
      return node;
    }
    String last = List.copyOf(m.entries().keySet()).get(m.entries().size() - 1);
    Node.Entry entry = m.entries().get(last);
    return m.with(last, new Node.Entry(entry.key(), openEnd(entry.value())));
  }

  private int keyLength(String key) {
    int points = key.codePointCount(0, key.length());
    String rest =
        source.from(
            parser.currentTokenLocation().getLineNr(), parser.currentTokenLocation().getColumnNr());
    return rest.startsWith("'") || rest.startsWith("\"") ? points + 2 : points;
  }

  private void put(Map<String, Node.Entry> entries, String key, Node.Entry entry) {
    Place at = entry.key();
    if (key.equals("<<")) {
      out.report(
          at,
          Code.E105,
          "merge keys (<<) are not supported",
          "use extends or write the value again");
      return;
    }
    Node.Entry first = entries.get(key);
    if (first != null) {
      Place there = first.key();
      out.report(
          at,
          Code.E104,
          "'"
              + Texts.shorten(key)
              + "' is set twice; first at "
              + there.line()
              + ":"
              + there.column());
      return;
    }
    entries.put(key, entry);
  }

  private Node sequence(Place start, int depth) {
    List<Node> items = new ArrayList<>();
    JsonToken token;
    while ((token = next()) != null && token != JsonToken.END_ARRAY) {
      Node item = value(depth + 1);
      if (item != null) {
        items.add(item);
      }
    }
    return complete ? new Node.Sequence(List.copyOf(items), start) : new Node.Broken(start);
  }

  private Node scalar(Place start) {
    String rest = source.from(start.line(), start.column());
    char first = rest.isEmpty() ? ' ' : rest.charAt(0);
    String text = parser.getString() == null ? "" : parser.getString();
    boolean plain = first != '\'' && first != '"' && first != '|' && first != '>';
    int length = text.codePointCount(0, text.length()) + (first == '\'' || first == '"' ? 2 : 0);
    int room = rest.codePointCount(0, rest.length());
    return new Node.Scalar(
        text, !plain, Place.of(source, start.line(), start.column(), Math.min(length, room)));
  }

  /** The parser hides anchors and tags of single values, so the text itself is looked at. */
  private boolean refuseReferences(Place at) {
    String rest = source.from(at.line(), at.column());
    if (rest.isEmpty() || "*&!".indexOf(rest.charAt(0)) < 0) {
      return false;
    }
    String word = rest.split("[\\s,\\[\\]{}]", 2)[0];
    Place marked = Place.of(source, at.line(), at.column(), word.codePointCount(0, word.length()));
    if (rest.startsWith("*")) {
      out.report(
          marked,
          Code.E105,
          "aliases (*name) are not supported; use extends or write the value again");
    } else if (rest.startsWith("&")) {
      out.report(
          marked,
          Code.E105,
          "anchors (&name) are not supported; use extends or write the value again");
    } else {
      out.report(
          marked,
          Code.E105,
          "tags (" + Texts.shorten(word) + ") are not supported; leave the tag out");
    }
    return true;
  }
}
