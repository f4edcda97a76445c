package dev.emergence.task;

import dev.emergence.spec.CopyCount;
import dev.emergence.spec.Keys;
import dev.emergence.spec.SyntheticLanguage;
import dev.emergence.spec.SyntheticLanguage.Capability;
import java.util.ArrayList;
import java.util.List;

/** What guessing scores on the prompts of {@link SyntheticLanguage}. */
final class PromptLevels {
  private static final double LN2 = Math.log(2);
  private static final double LN3 = Math.log(3);

  private PromptLevels() {}

  /** Levels of a prompt set: oracle first. */
  static List<Level> of(SyntheticLanguage spec, Capability kind) {
    List<Level> levels = new ArrayList<>();
    String rule = "the rule decides the answer";
    levels.add(new Level("oracle", "loss", 0, rule));
    levels.add(new Level("oracle", "accuracy", 1, rule));
    levels.addAll(blind(spec));
    int choices =
        switch (kind) {
          case COPY -> SyntheticLanguage.DIGITS;
          case REPETITION, IOI -> spec.names().count();
          case PATTERN -> spec.words().count();
        };
    String any = "any token of the answer's class";
    levels.add(new Level("class", "loss", Math.log(choices), any));
    levels.add(new Level("class", "accuracy", 1.0 / choices, any));
    String seen =
        switch (kind) {
          case COPY -> "a digit of the string, as often as it stands in it";
          case PATTERN -> "a token of the period, as often as it stands in it";
          // Counting would prefer the name that stands twice, which is never the answer.
          case REPETITION, IOI -> "either of the episode's two names, equally likely";
        };
    double[] guess = guess(kind);
    levels.add(new Level("in_context", "loss", guess[0], seen));
    levels.add(new Level("in_context", "accuracy", guess[1], seen));
    if (kind == Capability.COPY || kind == Capability.PATTERN) {
      double often = spec.guess(Keys.word(kind), false).orElseThrow().accuracy();
      String most = "the most frequent of them; of several, any";
      levels.add(new Level("most_frequent", "accuracy", often, most));
    }
    return List.copyOf(levels);
  }

  static List<Level> blind(SyntheticLanguage spec) {
    String blind = "all tokens equally likely";
    return List.of(
        new Level("blind", "loss", Math.log(spec.vocabulary()), blind),
        new Level("blind", "accuracy", 1.0 / spec.vocabulary(), "any token"));
  }

  /**
   * Loss and accuracy of one who draws a digit of the string, a letter of the period, one of the
   * two names.
   */
  private static double[] guess(Capability kind) {
    return switch (kind) {
      case COPY -> ofString(8, SyntheticLanguage.DIGITS);
      case REPETITION, IOI -> new double[] {LN2, 0.5};
      // ABAB; ABC or AAB; ABCD or AABC.
      case PATTERN ->
          new double[] {
            (LN2 + (LN3 + LN3 - 2 * LN2 / 3) / 2 + (2 * LN2 + 1.5 * LN2) / 2) / 3,
            (1.0 / 2 + (1.0 / 3 + 5.0 / 9) / 2 + (1.0 / 4 + 3.0 / 8) / 2) / 3
          };
    };
  }

  /** A digit of a random string, drawn from its digits. */
  private static double[] ofString(int length, int digits) {
    double[] others = CopyCount.binomial(length - 1, 1.0 / digits);
    double loss = 0;
    double share = 0;
    for (int k = 0; k < length; k++) {
      loss += others[k] * Math.log(length / (k + 1.0));
      share += others[k] * (k + 1) / length;
    }
    return new double[] {loss, share};
  }
}
