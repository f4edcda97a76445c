package dev.emergence.dsl.bind;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.spec.FigureSpec;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.Key;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.StudySpec;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of an experiment file, in the order in which people read. */
public record ExperimentFile(
    @Key(doc = "Version of this language.", min = 1, max = ExperimentFile.VERSION) int dsl,
    @Key(
            doc =
                "Name of the experiment and of its results folder: lower-case letters, digits and"
                    + " hyphens, at most 64.")
        String name,
    @Key(doc = "What is asked, in a sentence.", value = "''") String description,
    @Key(
            doc =
                "File or list of files whose values are taken over where this file says nothing;"
                    + " later ones win; relative to this file.",
            value = "[]")
        List<String> extends_,
    @Key(doc = "Whether the file is only there to be extended.", value = "false") boolean abstract_,
    @Key(doc = "What is to be learned.") TaskSpec task,
    @Key(doc = "How training data repeat themselves.", value = "{}") RepetitionSpec repetition,
    @Key(doc = "What learns.", value = "{kind: transformer}") ArchitectureSpec architecture,
    @Key(doc = "How it is trained.", value = "{}") TrainingSpec training,
    @Key(doc = "What is measured.", value = "{}") MeasurementSpec measurement,
    @Key(
            doc =
                "Which seeds each condition is run with, or none when nothing is drawn at random.",
            value = "{}",
            empty = "none",
            atomic = true)
        Optional<SeedsSpec> seeds,
    @Key(doc = "Named sets of conditions.", value = "{}") Map<String, SweepFile> sweeps,
    @Key(doc = "Laws to be fitted to emergence times.", value = "{}") Map<String, FitSpec> fits,
    @Key(
            doc = "Statements about the data that are checked at the end; a miss is exit code 5.",
            value = "{}")
        Map<String, ClaimSpec> claims,
    @Key(doc = "Figures.", value = "{}") Map<String, PlotSpec> plots,
    @Key(
            doc =
                "How all figures look: width, fonts, colours, files. Shared by a lab as a file of"
                    + " its own that others extend.",
            value = "{}",
            identity = false)
        FigureSpec figures,
    @Key(
            doc =
                "Studies of finished runs: what heads do, when a level is crossed. They read"
                    + " parameters that measurement.checkpoints_at stores, and train nothing.",
            value = "{}",
            identity = false)
        Map<String, StudySpec> studies,
    @Key(
            doc = "Further names for formulas and plots, each with the path of its value.",
            value = "{}")
        Map<String, String> symbols,
    @Key(
            doc = "How the work is carried out; never part of a run's identity.",
            value = "{}",
            identity = false)
        ExecutionSpec execution,
    @Key(doc = "Named partial files; the one chosen with --profile is merged last.", value = "{}")
        Map<String, PartSpec> profiles) {
  /** The newest version of the language that is known here. */
  public static final int VERSION = 1;

  /** The sections that make up a configuration. */
  public static final List<String> SECTIONS =
      List.of("task", "repetition", "architecture", "training", "measurement");
}
