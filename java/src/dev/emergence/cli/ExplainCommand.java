package dev.emergence.cli;

import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.yaml.Code;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain CODE}: the page of an error's code, or of a topic. */
@Command(
    name = "explain",
    description =
        "Explains an error such as E102, the words in use (glossary), or a"
            + " topic such as resume, workers or clusters. Without a word, lists all"
            + " pages.")
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CODE",
      arity = "0..1",
      description = "A code, such as E102, or a topic, such as resume.")
  private String code = "";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (code.isEmpty()) {
      Map<String, String> titles = titles();
      int width = titles.keySet().stream().mapToInt(String::length).max().orElseThrow();
      titles.forEach(
          (word, title) -> out.println(Numbers.text("%-" + width + "s  %s", word, title)));
      return ExitCode.OK;
    }
    out.println(page().strip());
    return ExitCode.OK;
  }

  private String page() {
    return Topic.of(code)
        .map(Topic::page)
        .or(() -> Code.of(code).map(Code::page))
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.USAGE,
                    "there is no page '"
                        + code
                        + "'"
                        + meant()
                        + "`emergence explain` lists them"));
  }

  /** A topic with nearly this word. One code is as near to a wrong one as the next. */
  private String meant() {
    List<String> topics = Arrays.stream(Topic.values()).map(Topic::word).toList();
    return Suggestions.nearest(code, topics)
        .map(found -> "; did you mean '" + found + "'? ")
        .orElse("; ");
  }

  /** Each page's word and what it is about. */
  private static Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    Arrays.stream(Topic.values()).forEach(t -> titles.put(t.word(), t.title()));
    Arrays.stream(Code.values()).forEach(c -> titles.put(c.name(), c.title()));
    return titles;
  }
}
