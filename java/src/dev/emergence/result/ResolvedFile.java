package dev.emergence.result;

import dev.emergence.plan.RunId;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.UnknownKind;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The file {@code resolved.json} of a results folder: the experiment as understood, what it was
 * understood from, and the number of the folder's layout.
 *
 * @param root the results folder
 */
record ResolvedFile(Path root) {
  static final String NAME = "resolved.json";

  /** Deeper than this is what there is of one condition. */
  private static final int DEPTH = 5;

  /** What is to be written; a condition on a line. */
  static Disk.Content content(ExperimentSpec experiment, Origin origin) {
    Map<String, Object> resolved = new LinkedHashMap<>();
    resolved.put("layout", ResultsFolder.LAYOUT);
    resolved.put("numerics", RunId.NUMERICS);
    resolved.put("origin", origin.tree());
    resolved.put("experiment", SpecTree.of(experiment));
    return RunFiles.text(Json.pretty(resolved, DEPTH));
  }

  private Path file() {
    return root.resolve(NAME);
  }

  private Map<String, Object> read() throws Damaged {
    return Json.read(file(), PlanFiles.LARGEST);
  }

  /**
   * Whether it says a layout, known or not.
   *
   * @throws Damaged when there is no such file, or something else in its place
   */
  boolean hasLayout() throws Damaged {
    return read().get("layout") instanceof Integer;
  }

  /**
   * @throws FolderUnusable when a newer version has written the folder
   */
  void requireKnownLayout() {
    if (!Files.exists(file(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Object layout = read().get("layout");
      // Without a number it is damaged, and no other version's: it is written anew as well.
      if (layout instanceof Integer n && n > ResultsFolder.LAYOUT) {
        throw new FolderUnusable(
            root
                + " has layout "
                + layout
                + ", this version reads up to "
                + ResultsFolder.LAYOUT
                + "; use the version that wrote it");
      }
    } catch (Damaged e) {
      // Written anew with the next plan; the runs carry their own configuration.
      return;
    }
  }

  /** What was put on top of the experiment's file; empty also where it is not known. */
  String options() {
    try {
      return read().get("origin") instanceof Map<?, ?> origin
              && origin.get("options") instanceof String options
          ? options
          : "";
    } catch (Damaged e) {
      return "";
    }
  }

  /**
   * The experiment.
   *
   * @throws FolderUnusable when it cannot be read
   */
  @SuppressWarnings("unchecked")
  ExperimentSpec experiment() {
    try {
      return SpecTree.read(ExperimentSpec.class, (Map<String, Object>) read().get("experiment"));
    } catch (Damaged | IllegalArgumentException | ClassCastException | NullPointerException e) {
      // A kind that is not known is that of a jar, without which `emergence run` helps no more.
      String help =
          e instanceof UnknownKind
              ? "; if it is a plug-in's, name its jar with --plugin"
              : "; `emergence run` writes it anew";
      throw new FolderUnusable(file() + ": " + e.getMessage() + help, e);
    }
  }
}
