package dev.emergence.analysis;

import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The derived tables of a results folder. */
public final class Tables {
  private Tables() {}

  /** Writes {@code tables/}, {@code fits.json} and {@code claims.json} anew, each in one step. */
  public static void write(ResultsFolder folder, Analysis analysis) throws IOException {
    folder.writeDerived("tables/runs.csv", RunTable.content(analysis));
    folder.writeDerived("tables/conditions.csv", ConditionTable.csv(analysis));
    CurveTable.write(folder, analysis);
    for (StudyTable study : StudyTables.of(analysis, folder).values()) {
      folder.writeDerived("tables/study-" + study.name() + ".csv", study.csv());
    }
    folder.writeDerived("fits.json", text(Json.pretty(Verdicts.fits(analysis))));
    folder.writeDerived("claims.json", text(Json.pretty(Verdicts.claims(analysis))));
  }

  private static Disk.Content text(String text) {
    return Disk.Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
