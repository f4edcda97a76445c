package dev.emergence.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A group of parameters with their own learning rate or weight decay. */
public record ParameterGroup(
    @Key(
            doc =
                "embeddings, matrices, norms or output; or a pattern of names of"
                    + " parameters, in which * stands for any letters.")
        String parameters,
    @Key(
            doc = "Their learning rate before any schedule, instead of the optimiser's.",
            value = Key.ABSENT,
            min = 0,
            max = 1e6)
        Optional<Double> learningRate,
    @Key(
            doc =
                "Their learning rate as a multiple of the optimiser's; used instead of"
                    + " learning_rate.",
            value = Key.ABSENT,
            min = 0,
            max = 1e9)
        Optional<Double> learningRateFactor,
    @Key(
            doc = "Their weight decay, instead of the optimiser's (adamw and muon).",
            value = Key.ABSENT,
            min = 0,
            max = 1e3)
        Optional<Double> weightDecay,
    @Key(
            doc =
                "Whether they keep their initial values. Their gradient still counts"
                    + " for gradient_clip.",
            value = "false")
        boolean frozen) {

  /** Whether a parameter belongs to the group. */
  public boolean holds(Parameter parameter) {
    return word().map(role -> role == parameter.role()).orElseGet(() -> isNamed(parameter.name()));
  }

  /** The role that the group names; empty when it names a pattern. */
  private Optional<Parameter.Role> word() {
    return roles().stream().filter(role -> Keys.word(role).equals(parameters)).findFirst();
  }

  /** The roles that a group may name. */
  static List<Parameter.Role> roles() {
    return Arrays.stream(Parameter.Role.values())
        .filter(role -> role != Parameter.Role.OTHER)
        .toList();
  }

  private boolean isNamed(String name) {
    String letters =
        Arrays.stream(parameters.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return name.matches(letters);
  }
}
