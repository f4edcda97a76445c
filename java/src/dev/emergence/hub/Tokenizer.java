package dev.emergence.hub;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text to tokens by byte-pair encoding on bytes (Sennrich et al. 2016; Radford et al. 2019), as a
 * {@code tokenizer.json} of the hub describes it. GPT-NeoX and Pythia use this kind alone, which is
 * why it is written here: the library that reads all kinds would add 20 MB of native code to a jar
 * of 26 MB.
 */
final class Tokenizer {
  private static final long LARGEST = 64L << 20;

  /** Pieces that are encoded by themselves: endings, words, numbers, signs, blanks. */
  private static final Pattern PIECE =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final char[] LETTER_OF_BYTE = letters();

  private final boolean composes;

  /** Whether a piece that is a token as a whole is that token, whatever merges would give. */
  private final boolean ignoresMerges;

  private final Map<String, Integer> vocabulary = new HashMap<>();
  private final Map<Pair, Integer> ranks = new HashMap<>();

  /** Tokens that stand for a text as a whole, the longest first. */
  private final Map<String, Integer> whole =
      new TreeMap<>(
          (a, b) ->
              a.length() != b.length() ? Integer.compare(b.length(), a.length()) : a.compareTo(b));

  private record Pair(String left, String right) {}

  private Tokenizer(JsonFile json) throws BadFile {
    String name = json.name();
    this.composes = composes(json);
    JsonFile model = json.object("model");
    String type = model.text("type").orElse("absent");
    BadFile.require(
        type.equals("BPE"), name + " has a model of type " + type + "; BPE alone is read");
    requireByteLevel(json);
    requireNoFurtherTokens(name, json.values().get("post_processor"));
    this.ignoresMerges = model.flag("ignore_merges", false);
    for (Map.Entry<String, Object> entry : model.object("vocab").values().entrySet()) {
      BadFile.require(
          entry.getValue() instanceof Integer id && id >= 0,
          name + " gives '" + entry.getKey() + "' the number " + entry.getValue());
      vocabulary.put(entry.getKey(), (Integer) entry.getValue());
    }
    for (char letter : LETTER_OF_BYTE) {
      BadFile.require(
          vocabulary.containsKey(String.valueOf(letter)),
          name + " has no token for the byte that is written '" + letter + "'");
    }
    merges(name, model.values().get("merges"));
    added(name, json.values().get("added_tokens"));
  }

  /** Reads a file. */
  static Tokenizer read(Path file) throws BadFile {
    return new Tokenizer(JsonFile.read(file, LARGEST));
  }

  /** Whether accents are composed first (NFC); no other change is known. */
  private static boolean composes(JsonFile json) throws BadFile {
    if (!json.has("normalizer")) {
      return false;
    }
    String type = json.object("normalizer").text("type").orElse("absent");
    BadFile.require(
        type.equals("NFC"), json.name() + " has a normalizer of type " + type + "; expected NFC");
    return true;
  }

  private static void requireByteLevel(JsonFile json) throws BadFile {
    JsonFile pieces = json.object("pre_tokenizer");
    boolean known =
        pieces.text("type").equals(Optional.of("ByteLevel"))
            && !pieces.flag("add_prefix_space", true)
            && pieces.flag("use_regex", true);
    BadFile.require(
        known,
        json.name()
            + " cuts text by "
            + pieces.values()
            + "; expected ByteLevel without add_prefix_space");
  }

  /** A prompt's tokens are those of its text: beginnings and ends that others add are refused. */
  private static void requireNoFurtherTokens(String name, Object processor) throws BadFile {
    BadFile.require(
        addsNothing(processor),
        name
            + " adds tokens to a text by its post_processor "
            + processor
            + "; expected none, ByteLevel, or a template of the text alone");
  }

  private static boolean addsNothing(Object processor) {
    if (processor == null) {
      return true;
    }
    Map<?, ?> described = processor instanceof Map<?, ?> map ? map : Map.of();
    return switch (String.valueOf(described.get("type"))) {
      case "ByteLevel" -> true;
      case "Sequence" ->
          described.get("processors") instanceof List<?> all
              && all.stream().allMatch(Tokenizer::addsNothing);
      case "TemplateProcessing" ->
          described.get("single") instanceof List<?> parts
              && parts.size() == 1
              && parts.get(0) instanceof Map<?, ?> part
              && part.containsKey("Sequence");
      default -> false;
    };
  }

  private void merges(String name, Object found) throws BadFile {
    BadFile.require(found instanceof List, name + " has no list of merges");
    for (Object merge : (List<?>) found) {
      List<?> pair = merge instanceof String s ? List.of(s.split(" ")) : List.of();
      pair = merge instanceof List<?> list ? list : pair;
      BadFile.require(
          pair.size() == 2 && pair.stream().allMatch(String.class::isInstance),
          name + " has a merge that is no pair: " + merge);
      Pair both = new Pair((String) pair.get(0), (String) pair.get(1));
      BadFile.require(
          vocabulary.containsKey(both.left() + both.right()),
          name + " merges " + merge + " into no token");
      ranks.putIfAbsent(both, ranks.size());
    }
  }

  private void added(String name, Object found) throws BadFile {
    List<?> list = found instanceof List<?> some ? some : List.of();
    for (Object token : list) {
      Map<?, ?> described = token instanceof Map<?, ?> map ? map : Map.of();
      boolean plain =
          described.get("content") instanceof String text
              && !text.isEmpty()
              && described.get("id") instanceof Integer id
              && id >= 0
              && !Boolean.TRUE.equals(described.get("single_word"))
              && !Boolean.TRUE.equals(described.get("lstrip"))
              && !Boolean.TRUE.equals(described.get("rstrip"));
      BadFile.require(plain, name + " has an added token that is not read: " + token);
      whole.put((String) described.get("content"), (Integer) described.get("id"));
    }
  }

  /** The tokens of a text. */
  int[] encode(String text) {
    String rest = composes ? Normalizer.normalize(text, Normalizer.Form.NFC) : text;
    List<Integer> out = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < rest.length(); ) {
      int here = at;
      Optional<String> added =
          whole.keySet().stream().filter(t -> startsAt(rest, t, here)).findFirst();
      if (added.isPresent()) {
        pieces(rest.substring(from, at), out);
        out.add(whole.get(added.get()));
        at += added.get().length();
        from = at;
      } else {
        at++;
      }
    }
    pieces(rest.substring(from), out);
    return out.stream().mapToInt(Integer::intValue).toArray();
  }

  private static boolean startsAt(String text, String token, int at) {
    return text.startsWith(token, at);
  }

  private void pieces(String text, List<Integer> out) {
    Matcher pieces = PIECE.matcher(text);
    while (pieces.find()) {
      List<String> symbols = new ArrayList<>();
      for (byte b : pieces.group().getBytes(StandardCharsets.UTF_8)) {
        symbols.add(String.valueOf(LETTER_OF_BYTE[b & 0xFF]));
      }
      String piece = String.join("", symbols);
      if (ignoresMerges && vocabulary.containsKey(piece)) {
        symbols = List.of(piece);
      } else {
        merge(symbols);
      }
      symbols.forEach(symbol -> out.add(vocabulary.get(symbol)));
    }
  }

  /** Merges the pair that was learned first, all its places from the left, until none is known. */
  private void merge(List<String> symbols) {
    while (symbols.size() > 1) {
      int best = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        best = Math.min(best, rank(symbols, i));
      }
      if (best == Integer.MAX_VALUE) {
        return;
      }
      for (int i = 0; i + 1 < symbols.size(); i++) {
        if (rank(symbols, i) == best) {
          symbols.set(i, symbols.get(i) + symbols.remove(i + 1));
        }
      }
    }
  }

  private int rank(List<String> symbols, int i) {
    return ranks.getOrDefault(new Pair(symbols.get(i), symbols.get(i + 1)), Integer.MAX_VALUE);
  }

  /** The printable letter by which the vocabulary writes each byte. */
  private static char[] letters() {
    char[] letters = new char[256];
    char spare = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = b > ' ' && b < 127 || b > 160 && b != 173;
      letters[b] = printable ? (char) b : spare++;
    }
    return letters;
  }
}
