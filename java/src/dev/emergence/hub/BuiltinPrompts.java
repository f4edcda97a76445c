package dev.emergence.hub;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Prompts that come with the program: 64 of each capability, the same each time. Only words that
 * the tokenizer knows as one token are used, so that an answer is one token.
 */
final class BuiltinPrompts {
  private static final int COUNT = 64;
  private static final int STRING = 8;

  private static final List<String> NAMES =
      List.of(
          "Mary", "John", "Tom", "Anna", "James", "Sarah", "David", "Laura", "Peter", "Emma",
          "Paul", "Alice", "Mark", "Lucy", "Simon", "Kate");
  private static final List<String> WORDS =
      List.of(
          "red", "blue", "stone", "river", "cat", "dog", "sun", "moon", "tree", "book", "door",
          "salt", "gold", "milk", "fire", "rain");
  private static final List<String> PLACES =
      List.of("store", "park", "school", "garden", "station", "office");
  private static final List<String> THINGS =
      List.of("book", "drink", "key", "letter", "ring", "ball");

  private final Tokenizer tokenizer;

  private BuiltinPrompts(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** A text, how it goes on, and how it should not. */
  private record Text(String shown, String answer, String foil) {}

  /**
   * All four sets.
   *
   * @throws BadFile when the tokenizer knows too few of the words
   */
  static List<PromptSet> of(Tokenizer tokenizer) throws BadFile {
    BuiltinPrompts prompts = new BuiltinPrompts(tokenizer);
    List<String> digits = prompts.known(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
    List<String> names = prompts.known(NAMES);
    List<String> words = prompts.known(WORDS);
    return List.of(
        prompts.set("copy", random -> copy(digits, random)),
        prompts.set("repetition", random -> repetition(words, random)),
        prompts.set("pattern", random -> pattern(words, random)),
        prompts.set("ioi", random -> indirectObject(names, random)));
  }

  /** Those that are one token after a blank. */
  private List<String> known(List<String> words) throws BadFile {
    List<String> known =
        words.stream().filter(word -> tokenizer.encode(" " + word).length == 1).toList();
    BadFile.require(
        known.size() >= 4,
        "the tokenizer knows "
            + known.size()
            + " of "
            + words
            + " as one token; the built-in prompts need four of them: give prompts of your own");
    return known;
  }

  private PromptSet set(String name, Function<Random, Text> draw) {
    // java.util.Random is specified to the bit, so that these prompts never change.
    Random random = new Random(name.hashCode());
    List<Prompt> prompts = new ArrayList<>();
    for (int n = 0; n < COUNT; n++) {
      Text text = draw.apply(random);
      prompts.add(
          new Prompt(
              tokenizer.encode(text.shown()),
              tokenizer.encode(text.answer()),
              tokenizer.encode(text.foil())));
    }
    return new PromptSet(name, prompts);
  }

  private static List<String> shuffled(List<String> words, Random random) {
    List<String> all = new ArrayList<>(words);
    Collections.shuffle(all, random);
    return all;
  }

  /** A string of digits and its repetition up to the last: 0 7 3 1 2 0 2 3 / 0 7 3 1 2 0 2. */
  private static Text copy(List<String> digits, Random random) {
    List<String> string = new ArrayList<>();
    for (int i = 0; i < STRING; i++) {
      string.add(digits.get(random.nextInt(digits.size())));
    }
    String last = string.get(STRING - 1);
    // Another digit of the string: a model that copies without order is not right by that.
    String foil =
        Stream.concat(string.stream(), digits.stream())
            .filter(d -> !d.equals(last))
            .findFirst()
            .orElseThrow();
    String begun = String.join(" ", string.subList(0, STRING - 1));
    return new Text(" " + begun + " " + last + " / " + begun, " " + last, " " + foil);
  }

  /** A pair of words that comes again. */
  private static Text repetition(List<String> words, Random random) {
    List<String> w = shuffled(words, random);
    String text = "They packed the %s %s and left. In the evening they found the %s";
    return new Text(
        String.format(text, w.get(0), w.get(1), w.get(0)), " " + w.get(1), " " + w.get(0));
  }

  /** Two to four words over and over, cut after two periods and some words. */
  private static Text pattern(List<String> words, Random random) {
    List<String> period = shuffled(words, random).subList(0, 2 + random.nextInt(3));
    int cut = 2 * period.size() + random.nextInt(period.size());
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < cut; i++) {
      shown.append(' ').append(period.get(i % period.size()));
    }
    return new Text(
        shown.toString(),
        " " + period.get(cut % period.size()),
        " " + period.get((cut + 1) % period.size()));
  }

  /** Two names, one of them named twice (Wang et al. 2022), in both orders. */
  private static Text indirectObject(List<String> names, Random random) {
    List<String> two = shuffled(names, random);
    boolean askedFirst = random.nextBoolean();
    String asked = two.get(0);
    String subject = two.get(1);
    String text = "When %s and %s went to the %s, %s gave the %s to";
    return new Text(
        String.format(
            text,
            askedFirst ? asked : subject,
            askedFirst ? subject : asked,
            PLACES.get(random.nextInt(PLACES.size())),
            subject,
            THINGS.get(random.nextInt(THINGS.size()))),
        " " + asked,
        " " + subject);
  }
}
