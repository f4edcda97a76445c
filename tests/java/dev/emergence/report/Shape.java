package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Plan;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/** The plot named {@code shape} of a file, drawn over runs that cross their threshold as told. */
final class Shape {
  private Shape() {}

  static Drawing draw(String yaml, ToDoubleBiFunction<RunConfig, Integer> crossing) {
    Plan plan = Fabricated.plan(yaml);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, crossing));
    return Report.drawings(analysis, run -> List.of()).get("shape");
  }

  static String svg(String yaml, ToDoubleBiFunction<RunConfig, Integer> crossing) {
    return draw(yaml, crossing).figure().svg();
  }

  static String words(String svg) {
    return String.join(" ", Svg.texts(svg));
  }
}
