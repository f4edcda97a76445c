package dev.emergence.hub;

import dev.emergence.result.Damaged;
import dev.emergence.result.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One JSON object of a file from elsewhere, whose values are asked for with their types. */
final class JsonFile {
  private final String name;
  private final Map<String, Object> values;

  private JsonFile(String name, Map<String, Object> values) {
    this.name = name;
    this.values = values;
  }

  /**
   * Reads a file.
   *
   * @param most bytes that such a file can have
   */
  static JsonFile read(Path file, long most) throws BadFile {
    try {
      BadFile.require(Files.isRegularFile(file), file + " is missing or no plain file");
      long size = Files.size(file);
      BadFile.require(
          size <= most, file + " has " + size + " bytes, more than any file of its kind");
      return of(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new BadFile(file + " cannot be read as text: " + e.getMessage(), e);
    }
  }

  static JsonFile of(String text, String name) throws BadFile {
    try {
      return new JsonFile(name, Json.read(text, name));
    } catch (Damaged e) {
      throw new BadFile(e.getMessage(), e);
    }
  }

  String name() {
    return name;
  }

  Map<String, Object> values() {
    return values;
  }

  /** Whether there is a value that is not null. */
  boolean has(String key) {
    return values.get(key) != null;
  }

  /** A whole number from 1 to {@code most}. */
  int count(String key, int most) throws BadFile {
    Object found = values.get(key);
    boolean fits = found instanceof Integer n && n >= 1 && n <= most;
    BadFile.require(
        fits, name + " has " + key + " " + found + "; expected a whole number from 1 to " + most);
    return (Integer) found;
  }

  double number(String key, double otherwise) throws BadFile {
    Object found = values.get(key);
    BadFile.require(
        found == null || found instanceof Number,
        name + " has " + key + " " + found + "; expected a number");
    return found == null ? otherwise : ((Number) found).doubleValue();
  }

  boolean flag(String key, boolean otherwise) throws BadFile {
    Object found = values.get(key);
    BadFile.require(
        found == null || found instanceof Boolean,
        name + " has " + key + " " + found + "; expected true or false");
    return found == null ? otherwise : (Boolean) found;
  }

  Optional<String> text(String key) throws BadFile {
    Object found = values.get(key);
    BadFile.require(
        found == null || found instanceof String,
        name + " has " + key + " " + found + "; expected a word");
    return Optional.ofNullable((String) found);
  }

  /** The object under a key, as a file of its own. */
  JsonFile object(String key) throws BadFile {
    Object found = values.get(key);
    BadFile.require(found instanceof Map, name + " has no object " + key);
    Map<String, Object> inner = new LinkedHashMap<>();
    ((Map<?, ?>) found).forEach((k, v) -> inner.put(String.valueOf(k), v));
    return new JsonFile(name + ", " + key, inner);
  }
}
