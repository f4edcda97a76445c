package dev.emergence.spec;

import dev.emergence.spec.LogitBias.Toward;
import java.util.List;
import java.util.Optional;

/** Which biases of attention scores an architecture has room for. */
final class LogitBiasRules {
  private static final String PATH = "architecture.logit_bias";

  private LogitBiasRules() {}

  static void apply(Parts parts) {
    List<LogitBias> biases = parts.architecture().logitBias();
    long places = biases.stream().mapToInt(b -> b.toward() == Toward.PARENTS ? 2 : 1).sum();
    if (places > LogitBias.MOST) {
      parts.report(
          PATH,
          "there is room for "
              + LogitBias.MOST
              + " biases, of which one toward parents takes two places; these take "
              + places,
          "leave some out");
    }
    int layers = parts.architecture().stack().map(Stack::layers).orElse(0);
    for (LogitBias bias : biases) {
      within(parts, "layer", bias.layers(), layers, "architecture.layers");
      within(parts, "head", bias.heads(), parts.architecture().heads(), "architecture.heads");
      offset(parts, bias);
    }
  }

  private static void within(
      Parts parts, String what, Optional<List<Integer>> chosen, int count, String path) {
    for (int one : chosen.orElse(List.of())) {
      if (one >= count) {
        parts.report(
            PATH,
            what + "s are counted from 0 to " + (count - 1) + ", got " + one,
            what + " 0 is the first; attention columns call it 1",
            path);
      }
    }
    if (chosen.isPresent() && chosen.get().isEmpty()) {
      parts.report(PATH, "no " + what + " is chosen", "name some, or write all");
    }
  }

  private static void offset(Parts parts, LogitBias bias) {
    int length = parts.task().predicts().length();
    if (bias.toward() == Toward.OFFSET && bias.offset() >= length) {
      parts.report(
          PATH,
          "offset must be less than the " + length + " tokens of a sequence, got " + bias.offset(),
          "");
    }
  }
}
