package dev.emergence.dsl;

import dev.emergence.dsl.bind.Binder;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Source;
import dev.emergence.dsl.yaml.Spelling;

/**
 * The version of the language that a file says it is written in, {@code dsl: 1}.
 *
 * @param out receives the problems
 */
record LanguageVersion(Diagnostics out) {

  /**
   * Whether it can be read. One that is missing or misspelt is reported, and the rest of the file
   * read on.
   *
   * @param complete whether the file was read to its end, so that what is missing is not there
   */
  boolean isReadable(Node.Mapping mapping, Source source, boolean complete) {
    Node version = mapping.get("dsl");
    if (version == null) {
      if (complete) {
        out.report(
            Place.whole(source),
            Code.E114,
            "the file does not say its version",
            "begin it with 'dsl: " + ExperimentFile.VERSION + "'");
      }
      return true;
    }
    boolean newer =
        version instanceof Node.Scalar s
            && Spelling.isNumber(s.text())
            && Double.parseDouble(s.text()) > ExperimentFile.VERSION;
    if (newer) {
      String hint = "a newer release of emergence is needed to read it";
      out.report(
          version.place(),
          Code.E114,
          "dsl: "
              + mapping.text("dsl")
              + " is newer than "
              + ExperimentFile.VERSION
              + ", the newest version known here",
          hint);
    } else {
      Shape shape = Shape.of(ExperimentFile.class).fields().get("dsl").shape();
      new Binder(out, mapping, true).bind(shape, mapping.entries().get("dsl"), "dsl");
    }
    return !newer;
  }
}
