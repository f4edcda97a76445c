package dev.emergence.dsl;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Meant;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.ExperimentSpec;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads experiment files. A file gives an {@link ExperimentSpec}, or every problem in it at once,
 * each with its place; no input makes it throw.
 */
public final class SpecReader {
  /** Looks behind mistakes: keys, then what a misspelt kind held, then what refers to those. */
  private static final int LOOKS = 4;

  /** The hint of a message on a profile, where there is none at all. */
  public static final String NO_PROFILES = "the file has no profiles";

  private SpecReader() {}

  /** Reads a file and what it extends. */
  public static Reading read(Path file, ReadOptions options) {
    Diagnostics out = new Diagnostics();
    Loader loader = new Loader(out);
    return understand(out, loader, loader.load(file), options);
  }

  /**
   * Reads a text that is in no file; it cannot extend anything.
   *
   * @param name what messages call it
   */
  public static Reading read(String name, String text, ReadOptions options) {
    Diagnostics out = new Diagnostics();
    Loader loader = new Loader(out);
    return understand(out, loader, loader.load(name, text), options);
  }

  private static Reading understand(
      Diagnostics out, Loader loader, Optional<Node.Mapping> tree, ReadOptions options) {
    if (tree.isEmpty()) {
      return Reading.failed(out.sorted());
    }
    Understanding understanding = new Understanding(out, tree.get(), loader.complete(), options);
    ExperimentSpec spec = understanding.experiment().orElse(null);
    if (out.errors() > 0) {
      behindMistakes(out, tree.get(), loader.complete(), options);
    }
    if (options.profile().isEmpty() && loader.complete()) {
      otherProfiles(out, tree.get());
    }
    return new Reading(
        spec,
        out.sorted(),
        understanding.origins(),
        loader.text(),
        loader.extended(),
        understanding.standalone(),
        options);
  }

  /**
   * A mistake must not hide the next one: the file is looked at again as it was probably meant,
   * until nothing new is found. Only what cannot come from a wrong guess is taken over.
   */
  private static void behindMistakes(
      Diagnostics out, Node.Mapping tree, boolean complete, ReadOptions options) {
    Node.Mapping meant = tree;
    Diagnostics last = out;
    Meant guesses = new Meant();
    for (int look = 0; look < LOOKS; look++) {
      guesses.addAll(last.meant());
      meant = last.meant().mend(meant);
      Diagnostics found = new Diagnostics();
      new Understanding(found, meant, complete, options).experiment();
      int before = out.errors();
      out.addElsewhere(found, SpecReader::standsByItself, guesses);
      if (out.errors() == before) {
        return;
      }
      last = found;
    }
  }

  /** Whether a problem of this kind is one whatever the values of other keys are. */
  private static boolean standsByItself(Code code) {
    return switch (code) {
      case E109, E115, E123, E125, E132, E133, E140 -> false;
      default -> code.isError();
    };
  }

  /**
   * A profile that was not chosen must not be broken either; what it alone brings about is
   * reported.
   */
  private static void otherProfiles(Diagnostics out, Node.Mapping tree) {
    if (tree.get("profiles") instanceof Node.Mapping profiles) {
      for (String name : profiles.entries().keySet()) {
        Diagnostics found = new Diagnostics();
        new Understanding(found, tree, true, ReadOptions.none().withProfile(name)).experiment();
        out.addNew(found, " (with --profile " + Texts.shorten(name) + ")");
      }
    }
  }
}
