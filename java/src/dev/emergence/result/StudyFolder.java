package dev.emergence.result;

import dev.emergence.plan.CanonicalJson;
import dev.emergence.plan.RunId;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.StudySpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a study has found in each run: {@code studies/NAME/RUN.json}, a file a run, each put in its
 * place by one rename. A file that answers another question than the one asked, because the study
 * or the run has changed, or that is damaged, counts as missing and is made anew.
 */
public final class StudyFolder {
  private static final String CHECKSUM = "checksum";

  private final Path root;
  private final Path path;
  private final Disk disk;

  StudyFolder(Path root, String name, Disk disk) {
    this.root = root;
    this.path = root.resolve("studies").resolve(name);
    this.disk = disk;
  }

  /**
   * What was found in one run.
   *
   * @param rows of the table, each with a value for every column of the study
   * @param missing why there are none; else empty
   * @param provenance what computed it: see {@link Provenance}
   */
  public record Part(
      List<Map<String, Object>> rows, String missing, Map<String, Object> provenance) {}

  /**
   * A text that is equal for equal questions: what the study asks of a run, the run as stored, and
   * up to where and by which thresholds its condition sees it.
   */
  public static String question(StudySpec study, RunFolder run, RunConfig config) {
    Map<String, Object> asked = new LinkedHashMap<>(SpecTree.of((Record) study));
    // Which runs are studied says nothing of what is found in one.
    asked.remove("data");
    asked.remove("where");
    Map<String, Object> thresholds = new LinkedHashMap<>();
    config.measurement().thresholds().forEach((name, t) -> thresholds.put(name, SpecTree.of(t)));
    Map<String, Object> all =
        Map.of(
            "study",
            asked,
            "run",
            run.version(),
            "numerics",
            RunId.NUMERICS,
            "max_steps",
            config.training().maxSteps(),
            "stop",
            SpecTree.of(config.measurement().stop()),
            "thresholds",
            thresholds);
    return Checksum.of(CanonicalJson.of(all).getBytes(StandardCharsets.UTF_8));
  }

  /** Name of a run's claim, for {@link Claims}. */
  public String claim(String run) {
    return root.relativize(path).resolve(run).toString();
  }

  private Path file(String run) {
    return path.resolve(run + ".json");
  }

  /** What was found in a run, where that answers the question. */
  @SuppressWarnings("unchecked")
  public Optional<Part> read(String run, String question) {
    if (!Files.isRegularFile(file(run), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      Map<String, Object> found = Json.read(file(run));
      Object checksum = found.remove(CHECKSUM);
      if (!checksum(found).equals(checksum) || !question.equals(found.get("question"))) {
        return Optional.empty();
      }
      return Optional.of(
          new Part(
              (List<Map<String, Object>>) found.get("rows"),
              (String) found.get("missing"),
              (Map<String, Object>) found.get("provenance")));
    } catch (Damaged | ClassCastException e) {
      return Optional.empty();
    }
  }

  /** Stores what was found in a run, in place of what lay there. */
  public void write(String run, String question, Part part) throws IOException {
    Inside.require(root, path);
    disk.createDirectories(path);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("run", run);
    tree.put("question", question);
    tree.put("missing", part.missing());
    tree.put("rows", part.rows());
    tree.put("provenance", part.provenance());
    tree.put(CHECKSUM, checksum(tree));
    Path fresh = path.resolve(run + ".json.new-" + RunFolder.WRITER);
    disk.write(fresh, RunFiles.text(Json.pretty(tree)));
    disk.move(fresh, file(run));
    disk.force(path);
  }

  private static String checksum(Map<String, Object> tree) {
    return Checksum.of(Json.line(tree).getBytes(StandardCharsets.UTF_8));
  }
}
