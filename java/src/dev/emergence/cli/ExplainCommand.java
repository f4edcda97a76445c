package dev.emergence.cli;

import dev.emergence.dsl.yaml.Code;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
    if (code.isEmpty()) {
      Stream<String> topics =
          Arrays.stream(Topic.values()).map(t -> Numbers.text("%-8s  %s", t.word(), t.title()));
      Stream<String> codes =
          Arrays.stream(Code.values()).map(c -> Numbers.text("%-8s  %s", c.name(), c.title()));
      Stream.concat(topics, codes).forEach(spec.commandLine().getOut()::println);
      return ExitCode.OK;
    }
    Optional<Topic> topic = Topic.of(code);
    if (topic.isPresent()) {
      spec.commandLine().getOut().println(topic.get().page().strip());
      return ExitCode.OK;
    }
    Code known =
        Code.of(code)
            .orElseThrow(
                () ->
                    new Refusal(
                        ExitCode.USAGE,
                        "there is no page '" + code + "'; `emergence explain` lists them"));
    spec.commandLine().getOut().println(known.page().strip());
    return ExitCode.OK;
  }
}
