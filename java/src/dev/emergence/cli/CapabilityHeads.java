package dev.emergence.cli;

import dev.emergence.analysis.Csv;
import dev.emergence.fit.MeanInterval;
import dev.emergence.hub.BadFile;
import dev.emergence.hub.Capabilities;
import dev.emergence.hub.Capabilities.Crossing;
import dev.emergence.hub.HubSubject;
import dev.emergence.spec.StudySpec.Choice;
import dev.emergence.spec.StudySpec.HeadSets;
import dev.emergence.study.HeadEffects;
import dev.emergence.study.HeadEffects.Effect;
import dev.emergence.train.HeadChange;
import dev.emergence.train.HeadChange.How;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * Which heads carry a capability of public checkpoints: those of the checkpoint after emergence
 * give their patterns to the one before it, and the other way round; or heads are made zero after
 * emergence. Effects are changes of the mean probability of the answer, with intervals over
 * prompts.
 */
final class CapabilityHeads {
  private static final HeadSets SETS = new HeadSets(Choice.TOP, List.of(1, 2, 4, 8), 5);
  private static final int SHOWN = 5;
  private static final double LEVEL = 0.95;

  /** What is done to heads. */
  enum Study {
    PATCH,
    ABLATE
  }

  private final Capabilities capabilities;
  private final PrintWriter out;
  private final StringBuilder table =
      new StringBuilder(
          Csv.line(
              List.of(
                  "set",
                  "study",
                  "from",
                  "into",
                  "unchanged",
                  "other",
                  "heads_set",
                  "size",
                  "draw",
                  "heads",
                  "probability",
                  "effect",
                  "recovered",
                  "lower",
                  "upper")));

  CapabilityHeads(Capabilities capabilities, PrintWriter out) {
    this.capabilities = capabilities;
    this.out = out;
  }

  /** Studies every capability whose emergence has a bracket. */
  void study(Study study, List<Crossing> crossings) throws BadFile {
    for (Crossing crossing : crossings) {
      if (crossing.found().middle().isPresent()) {
        long before = crossing.found().before().getAsLong();
        long after = crossing.found().after().getAsLong();
        if (study == Study.PATCH) {
          effects(crossing.set(), "patch", How.REPLACE, after, before);
          effects(crossing.set(), "reverse", How.REPLACE, before, after);
        } else {
          effects(crossing.set(), "ablate", How.ZERO, after, after);
        }
      } else {
        out.println(crossing.set() + ": no bracket, so that no heads are studied");
      }
    }
  }

  private void effects(String set, String study, How how, long from, long into) throws BadFile {
    double other = capabilities.probability(set, from);
    double gap = other - capabilities.probability(set, into);
    DoubleUnaryOperator rank = how == How.ZERO ? Math::abs : HeadEffects.toward(gap);
    Map<Effect, double[]> differences = new HashMap<>();
    HeadEffects.Found found =
        capabilities.heads(
            set,
            into,
            from,
            subject -> {
              HeadEffects.Found effects = HeadEffects.of(subject, how, SETS, rank);
              effects.effects().forEach(e -> differences.put(e, differences(subject, how, e)));
              return effects;
            });
    for (Effect e : found.effects()) {
      MeanInterval interval = interval(differences.get(e));
      table.append(
          Csv.line(
              Arrays.asList(
                  set,
                  study,
                  from,
                  into,
                  found.unchanged(),
                  other,
                  e.set(),
                  e.heads().size(),
                  e.draw() < 0 ? null : e.draw(),
                  String.join(" ", e.heads().stream().map(Object::toString).toList()),
                  e.value(),
                  e.effect(),
                  gap == 0 ? null : e.effect() / gap,
                  interval.lower(),
                  interval.upper())));
    }
    print(set, study, from, into, found, rank, differences);
  }

  /** One a prompt. */
  private static double[] differences(HubSubject subject, How how, Effect effect) {
    return subject.differences(new HeadChange(how, Set.copyOf(effect.heads())));
  }

  private static MeanInterval interval(double[] differences) {
    return MeanInterval.of(differences, LEVEL);
  }

  private void print(
      String set,
      String study,
      long from,
      long into,
      HeadEffects.Found found,
      DoubleUnaryOperator rank,
      Map<Effect, double[]> differences) {
    List<Effect> single =
        new ArrayList<>(found.effects().stream().filter(e -> e.set().equals("single")).toList());
    single.sort(Comparator.comparingDouble(e -> -rank.applyAsDouble(e.effect())));
    out.println(
        Numbers.text(
            "%s, %s: step %d%s, probability %s; effects, with 95 %% intervals over prompts:",
            set,
            study,
            into,
            from == into ? "" : " with patterns of step " + from,
            Numbers.value(found.unchanged())));
    for (Effect e : single.subList(0, Math.min(SHOWN, single.size()))) {
      out.println(line("head " + e.heads().get(0), e.effect(), differences.get(e)));
    }
    if (single.size() > 1) {
      out.println(median(single, differences));
    }
    found.effects().stream()
        .filter(e -> e.set().equals("top") || e.set().equals("all"))
        .forEach(
            e ->
                out.println(
                    line(e.set() + " " + e.heads().size(), e.effect(), differences.get(e))));
  }

  /** Of an even number of heads the mean of the two in the middle, prompt by prompt. */
  static String median(List<Effect> ranked, Map<Effect, double[]> differences) {
    int count = ranked.size();
    Effect one = ranked.get((count - 1) / 2);
    Effect other = ranked.get(count / 2);
    double[] mean = differences.get(one).clone();
    Arrays.setAll(mean, n -> (mean[n] + differences.get(other)[n]) / 2);
    String name =
        one == other
            ? "median head " + one.heads().get(0)
            : "median head, mean of " + one.heads().get(0) + " and " + other.heads().get(0);
    return line(name, (one.effect() + other.effect()) / 2, mean);
  }

  private static String line(String name, double effect, double[] differences) {
    MeanInterval interval = interval(differences);
    return Numbers.text(
        "  %-18s %+.4f%s",
        name,
        effect,
        interval.hasInterval()
            ? Numbers.text(" (%+.4f to %+.4f)", interval.lower(), interval.upper())
            : "");
  }

  /** Writes {@code heads.csv}. */
  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("heads.csv"), table.toString());
  }
}
