package dev.emergence;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.ClaimReport;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.StudyTable;
import dev.emergence.analysis.StudyTables;
import dev.emergence.analysis.Tables;
import dev.emergence.execute.run.Standings;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import dev.emergence.report.Report;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.study.StudyStanding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * The contents of a results folder: runs, fits, claims and studies. Runs that are not there yet
 * count as missing.
 */
@API(status = API.Status.MAINTAINED)
public final class Results {
  private final ResultsFolder folder;
  private final Plan plan;
  private final Summary summary;
  private final List<String> troubles;
  private final Analysis analysis;

  /**
   * @param stored by id, the runs of the plan that are stored
   * @param troubles what went wrong with studies, a sentence each
   */
  Results(
      Plan plan,
      ResultsFolder folder,
      Summary summary,
      Map<String, StoredRun> stored,
      List<String> troubles) {
    this.folder = folder;
    this.plan = plan;
    this.troubles = troubles;
    this.summary = summary;
    this.analysis = Analysis.of(plan, stored, folder);
  }

  private Results(Results other, ResultsFolder folder) {
    this.folder = folder;
    this.plan = other.plan;
    this.summary = other.summary;
    this.troubles = other.troubles;
    this.analysis = other.analysis;
  }

  /**
   * The same results. Tables, plots and the report are written to another folder, for results that
   * lie where nothing can be written.
   *
   * @param out a folder that is there
   * @return results that write there
   * @throws IOException when the folder cannot be read
   */
  @API(status = API.Status.EXPERIMENTAL)
  public Results derivedIn(Path out) throws IOException {
    return new Results(this, folder.derivedIn(out));
  }

  /**
   * Reads a results folder, with the experiment that was last run there.
   *
   * @param folder a results folder
   * @return what it contains
   * @throws dev.emergence.result.FolderUnusable when this is not a results folder, or when it
   *     belongs to a newer version
   */
  public static Results read(Path folder) {
    ResultsFolder results = ResultsFolder.read(folder);
    Plan plan = Planner.plan(results.experiment());
    Standings runs = Standings.of(plan, results);
    return new Results(plan, results, Summary.of(runs), runs.stored(), List.of());
  }

  /**
   * The results folder.
   *
   * @return its path
   */
  public Path folder() {
    return folder.root();
  }

  /**
   * The state of every run, and how many were computed this time.
   *
   * @return a summary with one standing for each run
   */
  public Summary summary() {
    return summary;
  }

  /**
   * The state of every study.
   *
   * @return one standing for each study, in the order of the file
   */
  @API(status = API.Status.EXPERIMENTAL)
  public List<StudyStanding> studies() {
    return StudyStanding.of(plan, folder);
  }

  /**
   * The tables of the studies, as far as they are computed.
   *
   * @return tables by the name of the study, in the order of the file
   */
  @API(status = API.Status.EXPERIMENTAL)
  public Map<String, StudyTable> studyTables() {
    return StudyTables.of(analysis, folder);
  }

  /**
   * Problems of the studies in this run of the experiment.
   *
   * @return one sentence for each problem; empty when there is none
   */
  public List<String> studyTroubles() {
    return troubles;
  }

  /**
   * Every run once, with its curve, its end, and its threshold crossings.
   *
   * @return one observation for each run; missing runs are included
   */
  public List<Observation> runs() {
    return analysis.runs();
  }

  /**
   * The conditions of a sweep, each with all its seeds.
   *
   * @param sweep name of the sweep; {@code main} if the file has no sweeps
   * @return the conditions in the order of the file
   * @throws IllegalArgumentException when there is no such sweep; the message lists the known names
   */
  public List<Cell> conditions(String sweep) {
    return known("sweep", sweep, analysis.experiment().sweeps().keySet(), analysis::cells);
  }

  /**
   * All fits by name. {@link #fit} gives one of them, or an error that lists the names.
   *
   * @return fits in the order of the file
   */
  public Map<String, FitReport> fits() {
    return analysis.fits();
  }

  /**
   * One fit.
   *
   * @param name name of the fit
   * @return its result
   * @throws IllegalArgumentException when there is no such fit; the message lists the known names
   */
  public FitReport fit(String name) {
    return known("fit", name, fits().keySet(), fits()::get);
  }

  /**
   * One claim.
   *
   * @param name name of the claim
   * @return its result
   * @throws IllegalArgumentException when there is no such claim; the message lists the known names
   */
  public ClaimReport claim(String name) {
    return known("claim", name, claims().keySet(), claims()::get);
  }

  private static <T> T known(String what, String name, Set<String> names, Function<String, T> of) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          "no "
              + what
              + " '"
              + name
              + "'; known: "
              + (names.isEmpty() ? "none" : String.join(", ", names)));
    }
    return of.apply(name);
  }

  /**
   * All claims by name. {@link #claim} gives one of them, or an error that lists the names.
   *
   * @return claims in the order of the file
   */
  public Map<String, ClaimReport> claims() {
    return analysis.claims();
  }

  /**
   * Whether every expectation is met and every claim holds. What cannot be judged because runs are
   * missing counts as holding.
   *
   * @return whether the command would end with another exit code than 5
   */
  public boolean holds() {
    return analysis.holds();
  }

  /**
   * Everything that is computed from the stored runs.
   *
   * @return conditions, fits and claims
   */
  public Analysis analysis() {
    return analysis;
  }

  /**
   * Writes tables, fits and claims into the folder. Older ones are replaced.
   *
   * @throws IOException when they cannot be written
   */
  public void writeTables() throws IOException {
    folder.requireTenancy(analysis.experiment());
    Tables.write(folder, analysis);
  }

  /**
   * Draws the plots, in the formats that the file asks for. Older ones are replaced.
   *
   * @return one sentence for everything that could not be read or drawn
   * @throws IOException when the plots cannot be written
   */
  public List<String> writePlots() throws IOException {
    folder.requireTenancy(analysis.experiment());
    List<String> warnings = Report.writePlots(folder, analysis);
    folder.removeStale("plots/");
    return warnings;
  }

  /**
   * Writes tables, fits, claims, plots and the report. Older ones are replaced.
   *
   * @return one sentence for everything that could not be read or drawn
   * @throws IOException when they cannot be written
   */
  public List<String> write() throws IOException {
    writeTables();
    List<String> warnings = Report.write(folder, analysis);
    folder.removeStale("plots/");
    folder.removeStale("tables/");
    return warnings;
  }

  /**
   * The report page. It exists after {@link #write}.
   *
   * @return its path
   */
  public Path report() {
    return folder.derived().resolve("report.html");
  }
}
