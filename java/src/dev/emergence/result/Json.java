package dev.emergence.result;

import dev.emergence.plan.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** JSON files as trees of maps, lists, strings, numbers, booleans and null. */
public final class Json {
  /** Large enough for any file but those that grow with the conditions of an experiment. */
  static final long LARGEST = 256L << 20;

  private Json() {}

  /** Jackson is loaded on the first file that is read, not at start-up. */
  private static final class Reader {
    private static final JsonMapper MAPPER =
        JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  }

  /**
   * Pretty JSON, keys in the order of the map, ending in a line feed. NaN and infinities become
   * null.
   */
  public static String pretty(Object tree) {
    return pretty(tree, Integer.MAX_VALUE);
  }

  /**
   * The same, but what lies deeper is on one line: such files have many alike objects.
   *
   * @param depth of containers that are laid out, 1 for the tree's own entries
   */
  static String pretty(Object tree, int depth) {
    StringBuilder out = new StringBuilder();
    write(tree, "\n", depth, out);
    return out.append('\n').toString();
  }

  /**
   * JSON on one line, keys in the order of the map, without a line feed. NaN and infinities become
   * null.
   */
  public static String line(Object tree) {
    StringBuilder out = new StringBuilder();
    write(tree, "", 0, out);
    return out.toString();
  }

  /**
   * The object in a text.
   *
   * @throws Damaged when it is not one JSON object
   */
  public static Map<String, Object> read(String text, String where) throws Damaged {
    try {
      Map<String, Object> found = Reader.MAPPER.readValue(text, Reader.OBJECT);
      if (found == null) {
        throw new Damaged(where + " holds null, expected a JSON object");
      }
      return found;
    } catch (JacksonException e) {
      String why = e.getOriginalMessage();
      throw new Damaged(
          where
              + (why.startsWith("Unexpected end-of-input")
                  ? " is not a whole JSON object: it is cut off"
                  : " is not a JSON object: " + why),
          e);
    }
  }

  /**
   * The object in a file.
   *
   * @throws Damaged when it is missing, no plain file, too large, or not one JSON object
   */
  public static Map<String, Object> read(Path file) throws Damaged {
    return read(file, LARGEST);
  }

  /** The same of a file that may have so many bytes. */
  static Map<String, Object> read(Path file, long largest) throws Damaged {
    String text = new String(bytes(file, largest), StandardCharsets.UTF_8);
    return read(text, file.getFileName().toString());
  }

  /**
   * A plain file's content.
   *
   * @throws Damaged when it is missing, no plain file, or too large
   */
  static byte[] bytes(Path file) throws Damaged {
    return bytes(file, LARGEST);
  }

  /** The same of a file that may have so many bytes. */
  static byte[] bytes(Path file, long largest) throws Damaged {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new Damaged(
            file.getFileName()
                + (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? " is not a plain file"
                    : " is missing"));
      }
      long size = Files.size(file);
      if (size > largest) {
        throw new Damaged(
            file.getFileName() + " has " + size + " bytes, more than any file of its kind");
      }
      return content(file);
    } catch (IOException e) {
      throw new Damaged(file.getFileName() + " cannot be read: " + e, e);
    }
  }

  /**
   * A file that was replaced on a network file system while it was open is read anew: its handle is
   * stale, its name is not.
   */
  private static byte[] content(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      if (e.getMessage() != null && e.getMessage().contains("Stale file handle")) {
        return Files.readAllBytes(file);
      }
      throw e;
    }
  }

  private static void write(Object value, String newline, int depth, StringBuilder out) {
    String within = depth > 0 ? newline : "";
    if (value instanceof Map<?, ?> map) {
      container('{', '}', map.entrySet().iterator(), within, depth, out);
    } else if (value instanceof List<?> list) {
      container('[', ']', list.iterator(), within, depth, out);
    } else if (value instanceof Number n && !Double.isFinite(n.doubleValue())) {
      out.append("null");
    } else if (value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15) {
      // Keeps its decimal point, so that it reads back as a floating-point number.
      out.append(String.format(Locale.ROOT, "%.1f", d));
    } else {
      out.append(CanonicalJson.of(value));
    }
  }

  private static void container(
      char open, char close, Iterator<?> items, String newline, int depth, StringBuilder out) {
    out.append(open);
    boolean pretty = !newline.isEmpty();
    boolean any = items.hasNext();
    while (items.hasNext()) {
      String inside = pretty ? newline + "  " : "";
      out.append(inside);
      Object item = items.next();
      if (item instanceof Map.Entry<?, ?> entry) {
        out.append(CanonicalJson.of(entry.getKey())).append(pretty ? ": " : ":");
        item = entry.getValue();
      }
      write(item, inside, depth - 1, out);
      out.append(items.hasNext() ? "," : "");
    }
    out.append(any ? newline : "").append(close);
  }
}
