package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Condition;
import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.RunConfig;
import java.util.List;

/** W208: a model that reads the tokens which it must predict, so that it only copies them. */
final class AnswerWarnings {
  private final Diagnostics out;
  private final Node.Mapping tree;

  AnswerWarnings(Diagnostics out, Node.Mapping tree) {
    this.out = out;
    this.tree = tree;
  }

  void all(List<Condition> conditions) {
    long reading = conditions.stream().filter(c -> readsAnswers(c.config())).count();
    if (reading > 0) {
      String some =
          reading == conditions.size()
              ? ""
              : " in " + reading + " of " + conditions.size() + " conditions";
      out.report(
          Trees.nearest(tree, "architecture.attention", tree.place()),
          Code.W208,
          "the model can read its answers" + some + ": they are later tokens of its own input",
          "with attention: causal a token sees itself and earlier ones alone");
    }
  }

  private static boolean readsAnswers(RunConfig config) {
    return config.architecture().looksAhead()
        && PluginFailure.orResult(
            config.task().getClass(), "answersAreInput", () -> config.task().answersAreInput());
  }
}
