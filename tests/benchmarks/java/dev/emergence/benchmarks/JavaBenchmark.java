package dev.emergence.benchmarks;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The hot spots of Java, by JMH in a process of their own. */
final class JavaBenchmark {
  private final Report report;

  JavaBenchmark(Report report) {
    this.report = report;
  }

  void run() throws RunnerException {
    report.say(String.format("%-28s %10s %10s", "Java (JMH, ms a call)", "mean", "99.9 %"));
    Options options =
        new OptionsBuilder()
            .include(HotSpots.class.getName())
            .verbosity(VerboseMode.SILENT)
            .jvmArgs("-XX:+UseSerialGC")
            .build();
    Collection<RunResult> results = new Runner(options).run();
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      name = name.substring(name.lastIndexOf('.') + 1);
      Result<?> time = result.getPrimaryResult();
      report.say(
          String.format(
              Locale.ROOT, "%-28s %10.3f %10.3f", name, time.getScore(), time.getScoreError()));
      report
          .array("java")
          .addObject()
          .put("name", name)
          .put("ms", time.getScore())
          .put("error_ms", time.getScoreError());
    }
  }
}
