package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.Condition;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import java.util.List;

/** Whether the attention patterns of a figure are kept, in layers and heads that there are. */
final class AttentionPlotChecks {
  private AttentionPlotChecks() {}

  static void check(References names, String path, PlotSpec.Attention p, List<Condition> data) {
    for (RunConfig config : References.kinds(data)) {
      MeasurementSpec.Attention kept = config.measurement().attention();
      if (kept.picturesAt().isEmpty()) {
        names
            .out()
            .report(
                names.key(path),
                Code.E151,
                "no attention pattern is kept",
                "write measurement: {attention: {pictures_at: [" + p.at() + "]}}");
        return;
      }
      if (!kept.picturesAt().contains(p.at())) {
        names.word(path + ".at", p.at(), kept.picturesAt(), "picture");
        return;
      }
      int heads = config.architecture().heads();
      config
          .architecture()
          .stack()
          .filter(stack -> heads > 0)
          .ifPresent(
              stack -> {
                numbers(names, path + ".layers", p.layers(), stack.layers(), "layer");
                numbers(names, path + ".heads", p.heads(), heads, "head");
              });
    }
  }

  private static void numbers(References names, String at, String text, int most, String what) {
    if (text.equals("all")) {
      return;
    }
    for (String part : text.split(",", -1)) {
      boolean fine =
          part.strip().matches("[1-9][0-9]{0,3}") && Integer.parseInt(part.strip()) <= most;
      if (!fine) {
        names
            .out()
            .report(
                names.place(at),
                Code.E140,
                "there is no " + what + " '" + Texts.shorten(part.strip()) + "'",
                "write all, or numbers from 1 to " + most + " such as \"1, 2\"");
        return;
      }
    }
  }
}
