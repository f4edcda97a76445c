package dev.emergence.dsl.sweep;

import dev.emergence.dsl.bind.Binder;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Lookup;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Meant;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.InvalidSpec;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Problem;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Binds configurations, one for each condition. Sections that conditions share are bound once. */
public final class Configs {
  private static final Problem EITHER =
      new Problem(
          "E140",
          "training.tokens_per_step",
          "tokens_per_step and batch_size both say how large a batch is",
          List.of("training.batch_size"),
          "keep one of them");

  /** A metric of every run. */
  private static final String ANY_METRIC = "train.loss";

  private record Bound(Object value, Diagnostics problems) {}

  /** One problem in how many conditions. */
  private static final class Tally {
    private final Place place;
    private final Code code;
    private final String message;
    private final List<String> hints;
    private final boolean betweenKeys;
    private int count;

    Tally(Place place, Code code, String message, List<String> hints, boolean betweenKeys) {
      this.betweenKeys = betweenKeys;
      this.place = place;
      this.code = code;
      this.message = message;
      this.hints = hints;
    }
  }

  private final boolean complete;
  private final Map<String, Map<Node, Bound>> sections = new LinkedHashMap<>();
  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final Meant meant = new Meant();
  private int conditions;

  public Configs(boolean complete) {
    this.complete = complete;
    ExperimentFile.SECTIONS.forEach(name -> sections.put(name, new IdentityHashMap<>()));
  }

  /** The configuration of one tree; problems are kept for {@link #report}. */
  public Optional<RunConfig> bind(Node.Mapping tree) {
    conditions++;
    Map<String, Object> parts = new LinkedHashMap<>();
    for (String name : ExperimentFile.SECTIONS) {
      // Its levels may be expressions of what the other sections say, which come before it.
      Bound bound =
          name.equals("measurement") && Levels.anyIn(tree)
              ? measurement(tree, parts)
              : section(name, tree);
      bound.problems().each((place, d) -> count(place, d.code(), d.message(), d.hints(), false));
      parts.put(name, bound.value());
    }
    if (parts.containsValue(null)) {
      return Optional.empty();
    }
    if (Trees.find(tree, "training.batch_size") != null
        && Trees.find(tree, "training.tokens_per_step") != null) {
      count(EITHER, tree);
    }
    try {
      return Optional.of(config(parts));
    } catch (InvalidSpec e) {
      e.problems().forEach(problem -> count(problem, tree));
      return Optional.empty();
    }
  }

  private static RunConfig config(Map<String, Object> parts) {
    return new RunConfig(
        (TaskSpec) parts.get("task"),
        (RepetitionSpec) parts.get("repetition"),
        (ArchitectureSpec) parts.get("architecture"),
        (TrainingSpec) parts.get("training"),
        (MeasurementSpec) parts.get("measurement"));
  }

  private Bound measurement(Node.Mapping tree, Map<String, Object> others) {
    Diagnostics problems = new Diagnostics();
    if (others.containsValue(null)) {
      return new Bound(null, problems); // What is wrong there is said there.
    }
    Node.Mapping numbers = new Levels(others, tree, problems).resolve();
    Bound bound = bindSection("measurement", numbers);
    problems.each((place, d) -> bound.problems().report(place, d.code(), d.message(), d.hints()));
    meant.addAll(problems.meant());
    return bound;
  }

  private Bound section(String name, Node.Mapping tree) {
    Node written = tree.get(name);
    Bound known = sections.get(name).get(written);
    if (known == null) {
      known = bindSection(name, tree);
      sections.get(name).put(written, known);
    }
    return known;
  }

  private Bound bindSection(String name, Node.Mapping tree) {
    Diagnostics problems = new Diagnostics();
    Object value =
        new Binder(problems, tree, complete)
            .bindField(Shape.of(ExperimentFile.class).fields().get(name), tree);
    meant.addAll(problems.meant());
    return new Bound(value, problems);
  }

  private void count(Problem problem, Node.Mapping tree) {
    Place place = place(problem, tree);
    List<String> hints = new ArrayList<>();
    for (String path : problem.related()) {
      Lookup.scalar(tree, path)
          .ifPresent(s -> hints.add(s.text() + " is " + path + ", " + origin(tree, path, s)));
    }
    hints.add(problem.hint());
    // Another metric than the unknown one, a default for what contradicts: enough to read on.
    if (problem.code().equals(Code.E151.name())) {
      meant.value(place, ANY_METRIC);
    } else if (!kindAt(place, tree)) {
      meant.noValue(place);
    }
    count(place, Code.valueOf(problem.code()), problem.message(), hints, true);
  }

  /** A kind is never taken for the mistake: without it, all beside it would mean something else. */
  private static boolean kindAt(Place place, Node.Mapping tree) {
    return ExperimentFile.SECTIONS.stream()
        .map(section -> Trees.find(tree, section + ".kind"))
        .anyMatch(kind -> kind != null && kind.place().equals(place));
  }

  /**
   * Where the key at fault is written; when it is not, where a key is that the problem also speaks
   * of.
   */
  private static Place place(Problem problem, Node.Mapping tree) {
    String written = problem.path();
    for (String related : problem.related()) {
      written =
          Trees.find(tree, written) == null && Trees.find(tree, related) != null
              ? related
              : written;
    }
    return Trees.nearest(tree, written, Place.whole(tree.place().source()));
  }

  private static String origin(Node.Mapping tree, String path, Node.Scalar value) {
    return Trees.find(tree, path) == null ? "by default" : "set in " + value.place();
  }

  private void count(
      Place place, Code code, String message, List<String> hints, boolean betweenKeys) {
    tallies.computeIfAbsent(
            code + " " + place + " " + shape(message),
            k -> new Tally(place, code, message, hints, betweenKeys))
        .count++;
  }

  /** Messages that differ in numbers only are one problem. */
  private static String shape(String message) {
    return message.replaceAll("-?[0-9][0-9.e+-]*", "#");
  }

  /** Reports each problem once, and in how many conditions it is when not in all. */
  public void report(Diagnostics out) {
    out.meant().addAll(meant);
    tallies.values().forEach(t -> report(out, t));
  }

  /**
   * Reports what is wrong with a written value whatever the others are: neither missing keys nor
   * contradictions, which a sweep may mend.
   */
  public void reportWritten(Diagnostics out) {
    out.meant().addAll(meant);
    tallies.values().stream()
        .filter(t -> !t.betweenKeys && t.code != Code.E109)
        .forEach(t -> report(out, t));
  }

  private void report(Diagnostics out, Tally t) {
    String where =
        t.count < conditions ? " (in " + t.count + " of " + conditions + " conditions)" : "";
    out.report(t.place, t.code, t.message + where, t.hints);
  }
}
