package dev.emergence.result;

import dev.emergence.plan.RunId;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.UnknownKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code resolved.json} of a results folder: the experiment as understood, what it was
 * understood from, and the number of the folder's layout.
 *
 * <p>It grows with the conditions, and every command asks it several things. So it is looked at
 * each time, since another command may have replaced it, but understood only when it has changed.
 * Thread-safe.
 */
final class ResolvedFile {
  static final String NAME = "resolved.json";
  private static final String EXPERIMENT = "experiment";

  /** Deeper than this is what there is of one condition. */
  private static final int DEPTH = 5;

  private final Path root;
  private Optional<Content> last = Optional.empty();

  /** What it held when it was last read. */
  private static final class Content {
    final String checksum;
    final Map<String, Object> tree;
    Optional<ExperimentSpec> experiment = Optional.empty();

    Content(String checksum, Map<String, Object> tree) {
      this.checksum = checksum;
      this.tree = tree;
    }
  }

  /**
   * @param root the results folder
   */
  ResolvedFile(Path root) {
    this.root = root;
  }

  /** What is to be written; a condition on a line. */
  static Disk.Content content(ExperimentSpec experiment, Origin origin) {
    Map<String, Object> resolved = new LinkedHashMap<>();
    resolved.put("layout", ResultsFolder.LAYOUT);
    resolved.put("numerics", RunId.NUMERICS);
    resolved.put("origin", origin.tree());
    resolved.put(EXPERIMENT, SpecTree.of(experiment));
    return RunFiles.text(Json.pretty(resolved, DEPTH));
  }

  Path root() {
    return root;
  }

  private Path file() {
    return root.resolve(NAME);
  }

  private synchronized Content read() throws Damaged {
    byte[] bytes = Json.bytes(file(), PlanFiles.LARGEST);
    String checksum = Checksum.of(bytes);
    if (last.filter(known -> known.checksum.equals(checksum)).isEmpty()) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      last = Optional.of(new Content(checksum, Json.read(text, NAME)));
    }
    return last.get();
  }

  /**
   * Whether it says a layout, known or not.
   *
   * @throws Damaged when there is no such file, or something else in its place
   */
  boolean hasLayout() throws Damaged {
    return read().tree.get("layout") instanceof Integer;
  }

  /**
   * @throws FolderUnusable when a newer version has written the folder
   */
  void requireKnownLayout() {
    if (!Files.exists(file(), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Object layout = read().tree.get("layout");
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
      return read().tree.get("origin") instanceof Map<?, ?> origin
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
  synchronized ExperimentSpec experiment() {
    try {
      Content found = read();
      if (found.experiment.isEmpty()) {
        Map<String, Object> tree = (Map<String, Object>) found.tree.get(EXPERIMENT);
        found.experiment = Optional.of(SpecTree.read(ExperimentSpec.class, tree));
        found.tree.remove(EXPERIMENT); // Most of the file, and not needed any more.
      }
      return found.experiment.get();
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
