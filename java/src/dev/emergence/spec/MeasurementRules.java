package dev.emergence.spec;

import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether what is to be measured exists. */
final class MeasurementRules {
  private MeasurementRules() {}

  static void apply(Parts parts) {
    MeasurementSpec measurement = parts.measurement();
    measurement
        .thresholds()
        .forEach(
            (name, t) -> level(parts, t, "threshold " + name, "measurement.thresholds." + name));
    stop(parts);
    testSets(parts);
    record(parts);
    attention(parts);
    checkpoints(parts);
  }

  /** A level of a metric. {@code path} is the key that holds it. */
  static void level(Parts parts, Threshold level, String name, String path) {
    if (level.below().isPresent() == level.above().isPresent()) {
      parts.report(
          path,
          name + " needs either below or above",
          "below: 0.1 for a loss, above: 0.95 for an accuracy");
    }
    from(parts, level, name, path);
    member(parts, level, name, path);
    List<String> known = Metrics.of(parts);
    if (!Metrics.has(parts, known, level.metric())) {
      String at = path.startsWith("measurement.thresholds") ? path + ".metric" : path;
      parts.report(
          Problem.at(
              "E151",
              at,
              "nothing measures '" + level.metric() + "'",
              Metrics.unrecorded(parts, level.metric())
                  .orElse("known: " + String.join(" ", known))));
    } else if (level.relativeTo() == Relative.INITIAL) {
      initial(parts, level.metric(), path);
    }
  }

  /** What must have been before a fall or a rise lies on the other side of its level. */
  private static void from(Parts parts, Threshold level, String name, String path) {
    double from = level.from().orElse(Double.NaN);
    if (level.below().filter(to -> from < to).isPresent()) {
      parts.report(
          path,
          name + " cannot fall below " + level.below().get() + " from " + from + ", which is lower",
          "below: 0.3, from: 0.6 is a fall from above 0.6 to below 0.3");
    } else if (level.above().filter(to -> from > to).isPresent()) {
      parts.report(
          path,
          name
              + " cannot rise above "
              + level.above().get()
              + " from "
              + from
              + ", which is higher",
          "above: 0.6, from: 0.3 is a rise from below 0.3 to above 0.6");
    }
  }

  /** By now the number stands in the metric, unless there was no place for it. */
  private static void member(Parts parts, Threshold level, String name, String path) {
    Optional<String> number = level.member().map(String::valueOf);
    boolean placed =
        number.isEmpty() || List.of(level.metric().split("[.()]")).contains(number.get());
    if (!placed) {
      parts.report(
          path,
          name + " has a member, but its metric is no family",
          "metric: test.loss.row.*, member: " + number.get());
    }
  }

  /** A level that is a multiple of the first value needs one. */
  private static void initial(Parts parts, String metric, String path) {
    String at = path.startsWith("measurement.thresholds") ? path + ".relative_to" : path;
    if (Metrics.ofBatch(parts, metric)) {
      parts.report(
          at,
          metric + " is the loss of training batches, of which there is none at step 0",
          "use a metric of a test set, or relative_to: absolute");
    } else if (Derived.parse(metric).filter(d -> d.how() == Derived.How.GAIN).isPresent()) {
      parts.report(
          at,
          metric + " is 0 at step 0, and so is every multiple of that",
          "use " + metric.replaceFirst("_gain$", "") + ", or relative_to: absolute");
    }
  }

  private static void stop(Parts parts) {
    MeasurementSpec.Stop stop = parts.measurement().stop();
    if (stop.never() == stop.when().isPresent()) {
      parts.report(
          "measurement.stop",
          "stop needs either when or never",
          "stop: {when: plateau, extra: 20%}, or stop: {never: true}");
    }
    if (stop.when().isEmpty() && !stop.and().isEmpty()) {
      parts.report(
          "measurement.stop.and",
          "stop.and adds thresholds to stop.when, which is not set",
          "stop: {when: plateau, and: [other]}");
    }
    stop.when().ifPresent(name -> threshold(parts, name, "measurement.stop.when", "stop.when"));
    stop.and().forEach(name -> threshold(parts, name, "measurement.stop.and", "stop.and"));
  }

  private static void threshold(Parts parts, String name, String path, String who) {
    var known = parts.measurement().thresholds().keySet();
    if (!known.contains(name)) {
      String hint =
          known.isEmpty() ? "there are no thresholds" : "known: " + String.join(" ", known);
      parts.report(
          Problem.at("E150", path, who + " names '" + name + "', which is no threshold", hint));
    }
  }

  private static void testSets(Parts parts) {
    parts
        .measurement()
        .testSets()
        .forEach(
            (name, set) -> {
              if (name.equals("train")) {
                namedTrain(parts, set);
              }
              if (set.queryPlacement().isPresent()) {
                overTask(parts, name, "query_placement", "associative_recall");
              }
              if (!set.scoresAll()) {
                overTask(parts, name, "row_zipf", "linear_map");
              }
              set.prompts().ifPresent(prompts -> prompts(parts, name, prompts));
            });
  }

  private static void namedTrain(Parts parts, MeasurementSpec.TestSet set) {
    boolean heldOut = parts.task().holdsOut() && set.prompts().isEmpty();
    boolean sameTask = parts.task().inTest(set).equals(parts.task());
    if (heldOut || sameTask && trained(set)) {
      drawnAsTraining(parts);
    } else {
      parts.report(
          "measurement.test_sets.train",
          "a test set named train must be as_trained: train.loss is the loss on training data",
          sameTask ? "choose another name" : "choose another name, or add row_zipf: as_trained");
    }
  }

  /** A test set has new sequences, and the repetition that training begins with. */
  private static void drawnAsTraining(Parts parts) {
    if (parts.task().holdsOut()) {
      drawnOtherwise(parts, "draw what training never draws", "task.kind");
    } else if (parts.repetition().dataset().isPresent()) {
      drawnOtherwise(parts, "draw sequences that are not in the data set", "repetition.dataset");
    } else if (!parts.repetition().changes().isEmpty()) {
      String kept = "keep the repetition that training begins with";
      drawnOtherwise(parts, kept, "repetition.changes");
    }
  }

  private static void drawnOtherwise(Parts parts, String how, String because) {
    parts.report(
        "measurement.test_sets.train",
        "train.loss is the loss on training data, but a test set named train would " + how,
        "leave it out, or choose another name",
        because);
  }

  private static void prompts(Parts parts, String testSet, String prompts) {
    List<String> known = parts.task().prompts();
    if (!known.contains(prompts)) {
      String kind = Keys.kindOf((Record) parts.task());
      parts.report(
          "measurement.test_sets." + testSet + ".prompts",
          kind + " has no prompts '" + prompts + "'",
          known.isEmpty() ? "leave it out" : "known: " + String.join(" ", known),
          "task.kind");
    }
  }

  /** A key of a test set that lies over the task's key of that name, which must have it. */
  private static void overTask(Parts parts, String testSet, String key, String kind) {
    if (Keys.of(parts.task().getClass()).stream().noneMatch(own -> own.name().equals(key))) {
      parts.report(
          "measurement.test_sets." + testSet + "." + key,
          key + " is for " + kind + " only",
          "leave it out",
          "task.kind");
    }
  }

  private static boolean trained(MeasurementSpec.TestSet set) {
    return set.inContext().isEmpty()
        && set.crossSample().isEmpty()
        && set.queryPlacement().isEmpty()
        && set.prompts().isEmpty();
  }

  private static void checkpoints(Parts parts) {
    MeasurementSpec.Checkpoints checkpoints = parts.measurement().checkpointsAt();
    String path = "measurement.checkpoints_at";
    if (checkpoints.any() && !parts.architecture().isTrained()) {
      parts.report(
          path,
          "a gradient flow is integrated and has no steps at which parameters are stored",
          "leave checkpoints_at out",
          "architecture.kind");
    }
    moments(parts, checkpoints.at(), path, "checkpoints_at");
  }

  /** Steps of the training, names of thresholds, or last. */
  private static void moments(Parts parts, List<String> moments, String path, String who) {
    for (String at : moments) {
      if (isStep(at) && parts.architecture().isTrained() && isTooLate(parts, at)) {
        parts.report(
            path,
            who
                + " names step "
                + at
                + ", but the training ends at step "
                + parts.training().maxSteps(),
            "name an earlier step, or last",
            "training.max_steps");
      } else if (!at.equals("last") && !isStep(at)) {
        threshold(parts, at, path, who);
      }
    }
  }

  private static boolean isTooLate(Parts parts, String step) {
    return Long.parseLong(step) > parts.training().maxSteps();
  }

  private static boolean isStep(String at) {
    return at.matches("0|[1-9][0-9]{0,11}");
  }

  private static void record(Parts parts) {
    for (OutputRecord record : parts.measurement().record()) {
      record
          .missing(parts)
          .ifPresent(
              why ->
                  parts.report(
                      "measurement.record",
                      Keys.word(record) + " " + why,
                      "leave it out",
                      "task.kind"));
    }
  }

  private static void attention(Parts parts) {
    MeasurementSpec.Attention attention = parts.measurement().attention();
    if (parts.architecture().heads() == 0
        && !(attention.record().isEmpty() && attention.picturesAt().isEmpty())) {
      parts.report(
          "measurement.attention",
          Keys.kindOf((Record) parts.architecture()) + " has no heads whose attention is recorded",
          "leave attention out",
          "architecture.kind");
    }
    for (AttentionRecord record : attention.record()) {
      if (!parts.task().attention().contains(record)) {
        parts.report(
            "measurement.attention.record",
            Keys.word(record) + " is not for " + Keys.kindOf((Record) parts.task()),
            Arrays.stream(AttentionRecord.values())
                .filter(parts.task().attention()::contains)
                .map(Keys::word)
                .collect(Collectors.joining(", ", "use ", "")),
            "task.kind");
      }
    }
    attention
        .film()
        .ifPresent(
            film -> {
              if (parts.architecture().heads() == 0) {
                parts.report(
                    "measurement.attention.film",
                    Keys.kindOf((Record) parts.architecture()) + " has no heads to film",
                    "leave film out",
                    "architecture.kind");
              }
              film.around()
                  .ifPresent(
                      name ->
                          threshold(
                              parts, name, "measurement.attention.film.around", "film.around"));
            });
    moments(parts, attention.picturesAt(), "measurement.attention.pictures_at", "pictures_at");
  }
}
