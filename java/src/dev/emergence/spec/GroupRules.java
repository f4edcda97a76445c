package dev.emergence.spec;

import java.util.List;
import java.util.stream.Collectors;

/** Which groups of parameters an optimiser can be given. */
final class GroupRules {
  private static final String PATH = "training.optimizer.groups";

  private GroupRules() {}

  /**
   * @param fits whether the architecture fits the task: only then there are parameters
   */
  static void apply(Parts parts, boolean fits) {
    List<ParameterGroup> groups = parts.training().optimizer().rates().groups();
    if (groups.isEmpty()) {
      return;
    }
    List<Parameter> parameters =
        fits
            ? ParameterCatalog.known().of(parts.architecture(), parts.task().predicts())
            : List.of();
    for (int i = 0; i < groups.size(); i++) {
      ParameterGroup group = groups.get(i);
      String path = PATH + "." + i;
      rates(parts, group, path);
      if (fits && parameters.stream().noneMatch(group::holds)) {
        parts.report(
            path + ".parameters",
            "no parameter is in the group '" + group.parameters() + "'",
            known(parameters),
            "architecture.kind");
      }
    }
  }

  private static void rates(Parts parts, ParameterGroup group, String path) {
    String name = "the group '" + group.parameters() + "'";
    boolean rate = group.learningRate().isPresent();
    boolean factor = group.learningRateFactor().isPresent();
    boolean decay = group.weightDecay().isPresent();
    if (rate && factor) {
      parts.report(
          path,
          name + " has both learning_rate and learning_rate_factor",
          "keep one: learning_rate_factor follows the optimiser's learning rate");
    }
    if (group.frozen() && (rate || factor || decay)) {
      parts.report(
          path, name + " is frozen and has rates", "keep frozen: true alone, or take it out");
    }
    if (!group.frozen() && !rate && !factor && !decay) {
      parts.report(
          path,
          name + " changes nothing",
          "give it learning_rate, learning_rate_factor, weight_decay, or frozen: true");
    }
    if (decay && !parts.training().optimizer().decays()) {
      parts.report(
          path + ".weight_decay",
          name + " has a weight decay, which this optimiser has not",
          "use optimizer: {kind: adamw}",
          "training.optimizer.kind");
    }
  }

  /** The words and names that there are; layers are not told apart. */
  private static String known(List<Parameter> parameters) {
    String words =
        ParameterGroup.roles().stream()
            .filter(role -> parameters.stream().anyMatch(p -> p.role() == role))
            .map(Keys::word)
            .collect(Collectors.joining(", "));
    String names =
        parameters.stream()
            .map(p -> p.name().replaceAll("\\.[0-9]+\\.", ".*."))
            .distinct()
            .collect(Collectors.joining(", "));
    return "known: " + words + ", and patterns of names: " + names;
  }
}
