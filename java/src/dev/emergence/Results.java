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

/** What a results folder holds and says. Runs that are not there yet count as missing. */
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
    this.analysis = Analysis.of(plan, stored);
  }

  /**
   * Reads a folder, as the experiment was when it was last run there.
   *
   * @param folder a results folder
   * @return what it holds
   * @throws dev.emergence.result.FolderUnusable when it is no results folder, or of a newer version
   */
  public static Results read(Path folder) {
    ResultsFolder results = ResultsFolder.read(folder);
    Plan plan = Planner.plan(results.experiment());
    Standings runs = Standings.of(plan, results);
    return new Results(plan, results, Summary.of(runs), runs.stored(), List.of());
  }

  /**
   * Where the results lie.
   *
   * @return the folder
   */
  public Path folder() {
    return folder.root();
  }

  /**
   * How every run stands, and what was computed this time.
   *
   * @return one standing a run
   */
  public Summary summary() {
    return summary;
  }

  /**
   * How every study stands.
   *
   * @return one a study, in the order of the file
   */
  @API(status = API.Status.EXPERIMENTAL)
  public List<StudyStanding> studies() {
    return StudyStanding.of(plan, folder);
  }

  /**
   * What the studies have found so far, by name.
   *
   * @return in the order of the file
   */
  @API(status = API.Status.EXPERIMENTAL)
  public Map<String, StudyTable> studyTables() {
    return StudyTables.of(plan, folder);
  }

  /**
   * What went wrong with studies this time, a sentence each.
   *
   * @return none when all went well
   */
  public List<String> studyTroubles() {
    return troubles;
  }

  /**
   * Every run once: its curve, its end, and when it crossed the thresholds.
   *
   * @return one a run, missing ones included
   */
  public List<Observation> runs() {
    return analysis.runs();
  }

  /**
   * The conditions of a sweep, each with its seeds.
   *
   * @param sweep name of the sweep; {@code main} where the file has none
   * @return in the order of the file
   * @throws IllegalArgumentException when there is none of that name; names those there are
   */
  public List<Cell> conditions(String sweep) {
    return known("sweep", sweep, analysis.experiment().sweeps().keySet(), analysis::cells);
  }

  /**
   * Fits by name.
   *
   * @return in the order of the file; {@link #fit} gives one, or says which there are
   */
  public Map<String, FitReport> fits() {
    return analysis.fits();
  }

  /**
   * One fit.
   *
   * @param name of the fit
   * @return what came of it
   * @throws IllegalArgumentException when there is none of that name; names those there are
   */
  public FitReport fit(String name) {
    return known("fit", name, fits().keySet(), fits()::get);
  }

  /**
   * One claim.
   *
   * @param name of the claim
   * @return what came of it
   * @throws IllegalArgumentException when there is none of that name; names those there are
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
   * Claims by name.
   *
   * @return in the order of the file; {@link #claim} gives one, or says which there are
   */
  public Map<String, ClaimReport> claims() {
    return analysis.claims();
  }

  /**
   * Whether every expectation is met and every claim holds, as far as runs are there to judge by.
   *
   * @return what the exit code of the command says too
   */
  public boolean holds() {
    return analysis.holds();
  }

  /**
   * All that is read off the stored runs.
   *
   * @return cells, fits and claims
   */
  public Analysis analysis() {
    return analysis;
  }

  /**
   * Writes the tables, fits and claims anew.
   *
   * @throws IOException when they cannot be written
   */
  public void writeTables() throws IOException {
    folder.requireTenancy(analysis.experiment());
    Tables.write(folder, analysis);
  }

  /**
   * Draws the plots anew, in the formats that the file asks for.
   *
   * @return what could not be read or drawn, a sentence each
   * @throws IOException when they cannot be written
   */
  public List<String> writePlots() throws IOException {
    folder.requireTenancy(analysis.experiment());
    List<String> warnings = Report.writePlots(folder, analysis);
    folder.removeStale("plots/");
    return warnings;
  }

  /**
   * Writes tables, fits, claims, plots and the report anew.
   *
   * @return what could not be read or drawn, a sentence each
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
   * The report page, once it has been written.
   *
   * @return the file
   */
  public Path report() {
    return folder().resolve("report.html");
  }
}
