package dev.emergence.result;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.CanonicalJson;
import dev.emergence.plan.RunId;
import dev.emergence.plan.Sight;
import dev.emergence.plan.SpecTree;
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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a study has found in each run: {@code studies/NAME/RUN-SIGHT.json}, a file for each run and
 * way in which a condition sees it, each put in its place by one rename. Older versions wrote
 * {@code RUN.json}, which is read where it answers the question. A file that answers another
 * question than the one asked, because the study or the run has changed, or that is damaged, counts
 * as missing and is made anew.
 */
public final class StudyFolder {
  private static final String CHECKSUM = "checksum";

  /** No result: a claim, one that is being taken away, a file that is not finished. */
  private static final Pattern UNFINISHED =
      Pattern.compile("(.+)\\.(claim|claim\\.stale-.+|json\\.new-.+)");

  /** Raised when other heads are changed at once than before; then they are changed anew. */
  private static final int HEADS = 2;

  /** Of a checksum, in a file's name: enough for the few ways in which one run is seen. */
  private static final int LETTERS = 12;

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
   * @param missing why there are none, or none of some moments; else empty
   * @param provenance what computed it: see {@link Provenance}
   */
  public record Part(
      List<Map<String, Object>> rows, String missing, Map<String, Object> provenance) {}

  /**
   * What a study asks of a run.
   *
   * @param name of its file, without an end: the run and how its condition sees it
   * @param run that it is about
   * @param text equal for equal questions: what the study asks, the run as stored, and how its
   *     condition sees it
   */
  public record Question(String name, String run, String text) {

    /** That of a study to a run of a condition. */
    public static Question of(StudySpec study, RunFolder folder, Assignment of) {
      Map<String, Object> asked = new LinkedHashMap<>(SpecTree.of((Record) study));
      // Which runs are studied says nothing of what is found in one.
      asked.remove("data");
      asked.remove("where");
      Map<String, Object> sight = Sight.of(of.condition().config()).tree();
      Map<String, Object> all = new LinkedHashMap<>(sight);
      all.put("study", asked);
      all.put("run", folder.version());
      all.put("numerics", RunId.NUMERICS);
      if (study.changesHeads()) {
        all.put("heads", HEADS);
      }
      String name = of.run() + "-" + checksum(sight).substring(0, LETTERS);
      return new Question(name, of.run(), checksum(all));
    }

    private static String checksum(Map<String, Object> tree) {
      return Checksum.of(CanonicalJson.of(tree).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Name of a question's claim, for {@link Claims}. */
  public String claim(Question question) {
    return root.relativize(path).resolve(question.name()).toString();
  }

  private Path file(String name) {
    return path.resolve(name + ".json");
  }

  /** What was found in a run, where that answers the question. */
  public Optional<Part> read(Question question) {
    // Older versions dropped all rows of a run that lacked one moment of several, so what has a
    // reason there is made anew.
    return read(question.name(), question)
        .or(() -> read(question.run(), question).filter(part -> part.missing().isEmpty()));
  }

  @SuppressWarnings("unchecked")
  private Optional<Part> read(String name, Question question) {
    if (!Files.isRegularFile(file(name), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      Map<String, Object> found = Json.read(file(name));
      Object checksum = found.remove(CHECKSUM);
      if (!checksum(found).equals(checksum) || !question.text().equals(found.get("question"))) {
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
  public void write(Question question, Part part) throws IOException {
    Inside.require(root, path);
    disk.createDirectories(path);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("run", question.run());
    tree.put("question", question.text());
    tree.put("missing", part.missing());
    tree.put("rows", part.rows());
    tree.put("provenance", part.provenance());
    tree.put(CHECKSUM, checksum(tree));
    Path fresh = path.resolve(question.name() + ".json.new-" + Writer.PROCESS);
    disk.write(fresh, RunFiles.text(Json.pretty(tree)));
    disk.move(fresh, file(question.name()));
    disk.force(path);
  }

  /**
   * The claims under which something is not finished: somebody works there, or has ended too early.
   * Reads only.
   */
  public SortedSet<String> unfinished() throws IOException {
    SortedSet<String> out = new TreeSet<>();
    for (Path file : files()) {
      Matcher match = UNFINISHED.matcher(file.getFileName().toString());
      if (match.matches()) {
        out.add(root.relativize(path).resolve(match.group(1)).toString());
      }
    }
    return out;
  }

  /**
   * Removes what somebody who ended too early has left unfinished.
   *
   * @param claim one of {@link #unfinished}, held by the caller
   */
  public void tidy(String claim) throws IOException {
    String name = root.resolve(claim).getFileName().toString();
    for (Path file : files()) {
      Matcher match = UNFINISHED.matcher(file.getFileName().toString());
      if (match.matches() && match.group(1).equals(name) && !match.group(2).equals("claim")) {
        disk.delete(file);
      }
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.toList();
    }
  }

  private static String checksum(Map<String, Object> tree) {
    return Checksum.of(Json.line(tree).getBytes(StandardCharsets.UTF_8));
  }
}
