package dev.emergence.dsl.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The kinds of problems that a file can have: errors (E) and warnings (W). {@code emergence explain
 * E102} prints {@link #page()}.
 */
@API(status = API.Status.MAINTAINED)
public enum Code {
  E100("not YAML"),
  E101("tab as indentation"),
  E102("unknown key"),
  E103("unreadable text"),
  E104("key set twice"),
  E105("YAML feature that is not supported"),
  E106("ambiguous spelling of a value"),
  E107("files that extend each other"),
  E108("file that cannot be extended"),
  E109("missing key"),
  E110("number out of range"),
  E111("wrong type of value"),
  E112("unknown word"),
  E113("name that is not allowed"),
  E114("unknown version of the language"),
  E115("abstract file"),
  E116("unknown profile"),
  E117("--set that cannot be applied"),
  E118("too many levels or keys"),
  E120("path that cannot be swept"),
  E121("axis without valid values"),
  E122("columns of unequal length"),
  E123("too many runs"),
  E124("path swept twice"),
  E125("sweep without conditions"),
  E126("selection along a missing axis"),
  E130("formula that cannot be understood"),
  E131("parameter that is not in the formula"),
  E132("conditions that cannot determine the parameters"),
  E133("formula without a value"),
  E134("formula that is not linear in logarithms"),
  E135("unknown symbol"),
  E140("values that contradict each other"),
  E150("unknown sweep, fit, threshold or test set"),
  E151("unknown metric"),
  E152("incomplete expectation"),
  W201("runs predicted to need more than max_steps"),
  W202("threshold that guessing reaches"),
  W203("key without effect"),
  W204("unsolvable sequences"),
  W205("old name of a key"),
  W206("evaluations too far apart"),
  W207("share above 1"),
  W208("model that can read its answers"),
  W209("keys lost with another kind"),
  W210("conditions that are the same");

  private final String title;

  Code(String title) {
    this.title = title;
  }

  /** The problem in a few words, such as "unknown key". */
  public String title() {
    return title;
  }

  /** Whether this is an error. A file with an error cannot be run; one with warnings alone can. */
  public boolean isError() {
    return name().startsWith("E");
  }

  /**
   * Finds a code by its name, in upper or lower case.
   *
   * @param name such as E102
   * @return the code, or empty when there is none of this name
   */
  public static Optional<Code> of(String name) {
    return Arrays.stream(values())
        .filter(code -> code.name().equalsIgnoreCase(name.strip()))
        .findFirst();
  }

  /** What the code means, an example and how to correct it, in Markdown. */
  public String page() {
    try (InputStream in =
        Code.class.getResourceAsStream("/dev/emergence/dsl/explain/" + name() + ".md")) {
      if (in == null) {
        throw new IllegalStateException("no page for " + name());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
