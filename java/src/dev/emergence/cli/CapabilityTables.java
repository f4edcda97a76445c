package dev.emergence.cli;

import dev.emergence.analysis.Csv;
import dev.emergence.hub.Answer.Measure;
import dev.emergence.hub.Capabilities;
import dev.emergence.hub.Capabilities.Crossing;
import dev.emergence.measure.Localisation;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Numeral;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What {@code capabilities} found, for people and as tables. */
final class CapabilityTables {
  private final Capabilities capabilities;
  private final List<Crossing> crossings;
  private final String asked;

  /**
   * @param asked what counts as emergence, in words
   */
  CapabilityTables(Capabilities capabilities, List<Crossing> crossings, String asked) {
    this.capabilities = capabilities;
    this.crossings = crossings;
    this.asked = asked;
  }

  void print(PrintWriter out) {
    out.println(
        capabilities.readings().size()
            + " of "
            + capabilities.steps().size()
            + " checkpoints read; emergence is "
            + asked);
    for (Crossing crossing : crossings) {
      Localisation found = crossing.found();
      out.println(
          Numbers.text(
              "%-14s %3d prompt%s  %s",
              crossing.set(),
              capabilities.prompts(crossing.set()),
              capabilities.prompts(crossing.set()) == 1 ? " " : "s",
              emergence(found)));
      if (found.recrossings() > 0) {
        out.println(
            Numbers.text(
                "%-14s falls below the level again %s among the steps that were read",
                "", Numeral.count(found.recrossings(), "time")));
      }
      if (!found.unread().isEmpty()) {
        out.println(
            Numbers.text(
                "%-14s the bracket is wider, since these steps cannot be read: %s",
                "", found.unread()));
      }
    }
    capabilities
        .unreadable()
        .forEach((step, why) -> out.println("step " + step + " was not read: " + why));
  }

  private static String emergence(Localisation found) {
    if (found.values().isEmpty()) {
      return "no checkpoint could be read";
    } else if (found.after().isEmpty()) {
      return "unreached up to step " + found.last();
    } else if (found.before().isEmpty()) {
      return "at or before step " + found.after().getAsLong() + ", the first that was read";
    }
    return Numbers.text(
        "at step %s, between %d and %d",
        Numbers.value(found.middle().orElseThrow()),
        found.before().getAsLong(),
        found.after().getAsLong());
  }

  /** Writes {@code capabilities.csv} and {@code emergence.csv} into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("capabilities.csv"), readings());
    Files.writeString(folder.resolve("emergence.csv"), emergence());
  }

  private String readings() {
    Stream<String> measures = Arrays.stream(Measure.values()).map(Keys::word);
    StringBuilder out =
        new StringBuilder(Csv.line(Stream.concat(Stream.of("step", "set"), measures).toList()));
    capabilities
        .readings()
        .forEach(
            (step, sets) ->
                sets.forEach(
                    (set, numbers) ->
                        out.append(
                            Csv.line(
                                Stream.concat(Stream.of(step, set), numbers.values().stream())
                                    .toList()))));
    return out.toString();
  }

  private String emergence() {
    StringBuilder out =
        new StringBuilder(
            Csv.line(
                List.of(
                    "set",
                    "threshold",
                    "state",
                    "emergence",
                    "before",
                    "after",
                    "last_step",
                    "recrossings")));
    for (Crossing crossing : crossings) {
      Localisation found = crossing.found();
      out.append(
          Csv.line(
              Arrays.asList(
                  crossing.set(),
                  asked,
                  found.after().isPresent() ? "reached" : "unreached",
                  found.middle().isPresent() ? found.middle().getAsDouble() : null,
                  cell(found.before()),
                  cell(found.after()),
                  found.last(),
                  found.recrossings())));
    }
    return out.toString();
  }

  private static Optional<Long> cell(OptionalLong step) {
    return step.isPresent() ? Optional.of(step.getAsLong()) : Optional.empty();
  }
}
