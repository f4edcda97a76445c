package dev.emergence.dsl;

import dev.emergence.spec.ExperimentSpec;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads experiment files. A file gives an {@link ExperimentSpec}, or every problem in it at once,
 * each with its place; no input makes it throw.
 */
public final class SpecReader {
  /** The newest version of the language that is known here. */
  public static final int VERSION = 1;

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
      return new Reading(null, out.sorted(), Origins.none());
    }
    Understanding understanding = new Understanding(out, tree.get(), loader.complete(), options);
    ExperimentSpec spec = understanding.experiment().orElse(null);
    if (options.profile().isEmpty() && loader.complete()) {
      otherProfiles(out, tree.get());
    }
    return new Reading(spec, out.sorted(), understanding.origins());
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
