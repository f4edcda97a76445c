package dev.emergence.dsl.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Collects the problems of one reading; each place and message once. */
public final class Diagnostics {
  /** A file of nonsense must not print a book. */
  public static final int MOST = 200;

  private record Found(Place place, Diagnostic diagnostic) {}

  private final List<Found> found = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private final Meant meant = new Meant();
  private int errors;
  private int dropped;

  /** Reports a problem; hints that are empty are left out. */
  public void report(Place place, Code code, String message, String... hints) {
    report(place, code, message, List.of(hints));
  }

  /** Reports a problem; hints that are empty are left out. */
  public void report(Place place, Code code, String message, List<String> hints) {
    errors += code.isError() ? 1 : 0;
    if (found.size() >= MOST) {
      dropped++;
    } else if (seen.add(identity(place, code, message))) {
      List<String> shown = hints.stream().filter(hint -> !hint.isEmpty()).toList();
      found.add(new Found(place, Diagnostic.at(place, code, message, shown)));
    }
  }

  /** What the refused keys and values were probably meant to be. */
  public Meant meant() {
    return meant;
  }

  /** Number of errors so far, repeated ones counted. */
  public int errors() {
    return errors;
  }

  /** Every problem with its place, in the order in which they were found. */
  public void each(BiConsumer<Place, Diagnostic> use) {
    found.forEach(f -> use.accept(f.place(), f.diagnostic()));
  }

  /**
   * Takes over what another collector found and this one did not, with some words after each
   * message.
   */
  public void addNew(Diagnostics other, String words) {
    for (Found f : other.found) {
      String message = f.diagnostic().message();
      if (!seen.contains(identity(f.place(), f.diagnostic().code(), message))) {
        report(f.place(), f.diagnostic().code(), message + words, f.diagnostic().hints());
      }
    }
  }

  /**
   * Takes over the {@code wanted} problems of another collector, but none at a place that has one
   * of its kind already, and none of a value that was guessed.
   *
   * @param guesses what the other one took refused values for
   */
  public void addElsewhere(Diagnostics other, Predicate<Code> wanted, Meant guesses) {
    Set<String> taken = new HashSet<>();
    found.forEach(f -> taken.add(identity(f.place(), f.diagnostic().code(), "")));
    for (Found f : other.found) {
      Code code = f.diagnostic().code();
      boolean known = taken.contains(identity(f.place(), code, ""));
      if (wanted.test(code) && !known && !guesses.isValue(f.place())) {
        report(f.place(), code, f.diagnostic().message(), f.diagnostic().hints());
      }
    }
  }

  private static String identity(Place place, Code code, String message) {
    return code + " " + place.source().order() + " " + place + " " + message;
  }

  /** All of them by file, line and column. */
  public List<Diagnostic> sorted() {
    Comparator<Found> byPlace =
        Comparator.comparingInt((Found f) -> f.place().source().order())
            .thenComparingInt(f -> f.place().line() == 0 ? Integer.MAX_VALUE : f.place().line())
            .thenComparingInt(f -> f.place().column());
    List<Diagnostic> sorted =
        new ArrayList<>(found.stream().sorted(byPlace).map(Found::diagnostic).toList());
    if (dropped > 0) {
      Diagnostic last = sorted.get(sorted.size() - 1);
      sorted.add(
          new Diagnostic(
              last.code(),
              last.file(),
              0,
              0,
              1,
              "and " + dropped + " more problems",
              "",
              List.of()));
    }
    return List.copyOf(sorted);
  }
}
