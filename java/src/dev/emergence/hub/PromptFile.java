package dev.emergence.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Prompts from a file, one JSON object a line: {@code {"set": "ioi", "prompt": "... gave a book
 * to", "answer": " Mary", "foil": " John"}}, or with lists of token numbers in place of the texts.
 * The foil may be left out.
 */
final class PromptFile {
  private static final Set<String> KEYS = new TreeSet<>(Set.of("set", "prompt", "answer", "foil"));
  private static final long LARGEST = 64L << 20;

  private final Optional<Tokenizer> tokenizer;
  private final Map<String, List<Prompt>> sets = new LinkedHashMap<>();

  private PromptFile(Optional<Tokenizer> tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Reads a file.
   *
   * @param tokenizer for texts; token numbers need none
   * @throws BadFile naming every line at fault
   */
  static List<PromptSet> read(Path file, Optional<Tokenizer> tokenizer) throws BadFile {
    PromptFile prompts = new PromptFile(tokenizer);
    List<String> lines = lines(file);
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        try {
          prompts.add(JsonFile.of(lines.get(i), "it"));
        } catch (BadFile e) {
          faults.add(file + ":" + (i + 1) + ": " + e.getMessage());
        }
      }
    }
    BadFile.require(faults.isEmpty(), String.join("\n", faults));
    BadFile.require(!prompts.sets.isEmpty(), file + " has no prompt");
    return prompts.sets.entrySet().stream()
        .map(e -> new PromptSet(e.getKey(), e.getValue()))
        .toList();
  }

  private static List<String> lines(Path file) throws BadFile {
    try {
      BadFile.require(Files.isRegularFile(file), file + " is missing or no plain file");
      BadFile.require(Files.size(file) <= LARGEST, file + " is too large for a file of prompts");
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new BadFile(file + " cannot be read as text: " + e.getMessage(), e);
    }
  }

  private void add(JsonFile line) throws BadFile {
    Set<String> unknown = new TreeSet<>(line.values().keySet());
    unknown.removeAll(KEYS);
    BadFile.require(unknown.isEmpty(), "unknown key " + unknown + "; known: " + KEYS);
    String set = line.text("set").orElse("prompts");
    BadFile.require(
        set.matches("[a-z][a-z0-9_-]{0,39}"), "set '" + set + "' is no lower-case word");
    Object prompt = line.values().get("prompt");
    Object answer = line.values().get("answer");
    int[] shown = tokens("prompt", prompt);
    int[] wanted = tokens("answer", answer);
    int[] foil = line.has("foil") ? tokens("foil", line.values().get("foil")) : new int[0];
    goOn(prompt, shown, "answer", answer, wanted);
    goOn(prompt, shown, "foil", line.values().get("foil"), foil);
    BadFile.require(
        foil.length == 0 || foil.length == wanted.length,
        "the foil has " + foil.length + " tokens and the answer " + wanted.length);
    sets.computeIfAbsent(set, s -> new ArrayList<>()).add(new Prompt(shown, wanted, foil));
  }

  /** The tokens of two texts, one behind the other, must be those of the whole text. */
  private void goOn(Object prompt, int[] shown, String key, Object words, int[] said)
      throws BadFile {
    if (prompt instanceof String before && words instanceof String after) {
      int[] both = tokenizer.orElseThrow().encode(before + after);
      int[] apart = IntStream.concat(Arrays.stream(shown), Arrays.stream(said)).toArray();
      BadFile.require(
          Arrays.equals(both, apart),
          "prompt and "
              + key
              + " run together into other tokens; begin the "
              + key
              + " with its blank");
    }
  }

  private int[] tokens(String key, Object found) throws BadFile {
    int[] tokens;
    if (found instanceof String text) {
      BadFile.require(
          tokenizer.isPresent(),
          key
              + " is a text, and there is no tokenizer.json beside the checkpoints; give token"
              + " numbers: [12, 7]");
      tokens = tokenizer.get().encode(text);
    } else {
      boolean numbers =
          found instanceof List<?> list
              && list.stream().allMatch(t -> t instanceof Integer i && i >= 0);
      BadFile.require(numbers, key + " is " + found + "; expected a text or token numbers");
      tokens = ((List<?>) found).stream().mapToInt(t -> (Integer) t).toArray();
    }
    BadFile.require(tokens.length > 0, key + " is empty");
    return tokens;
  }
}
