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
    @Key(doc = "Version of the language.", min = 1, max = ExperimentFile.VERSION) int dsl,
    @Key(
            doc =
                "Name of the experiment and of its results folder: lower-case letters, digits and"
                    + " hyphens, at most 64.")
        String name,
    @Key(doc = "The question, in one sentence.", value = "''") String description,
    @Key(
            doc =
                "File or list of files. Their values are used where this file says"
                    + " nothing. If several files set a value, the last one counts. Mappings are"
                    + " merged key by key. Replaced as wholes are lists, and seeds, a threshold, a"
                    + " test set, stop, expect, scale and limits; null takes a value out. A"
                    + " mapping with another kind takes no key over. Paths are relative to this"
                    + " file.",
            value = "[]")
        List<String> extends_,
    @Key(
            doc = "Whether the file is only meant to be extended; it cannot be run then.",
            value = "false")
        boolean abstract_,
    @Key(doc = "The task that is to be learned.") TaskSpec task,
    @Key(doc = "How often training data are repeated.", value = "{}") RepetitionSpec repetition,
    @Key(doc = "The model that learns.", value = "{kind: transformer}")
        ArchitectureSpec architecture,
    @Key(doc = "How the model is trained.", value = "{}") TrainingSpec training,
    @Key(doc = "What is measured.", value = "{}") MeasurementSpec measurement,
    @Key(
            doc =
                "Seeds with which each condition is run; none if nothing is drawn at" + " random.",
            value = "{}",
            empty = "none",
            atomic = true)
        Optional<SeedsSpec> seeds,
    @Key(doc = "Named sets of conditions.", value = "{}") Map<String, SweepFile> sweeps,
    @Key(doc = "Laws that are fitted to emergence times.", value = "{}") Map<String, FitSpec> fits,
    @Key(
            doc =
                "Statements about the results that are checked at the end. If one does"
                    + " not hold, the exit code is 5.",
            value = "{}")
        Map<String, ClaimSpec> claims,
    @Key(doc = "Figures.", value = "{}") Map<String, PlotSpec> plots,
    @Key(
            doc =
                "How all figures look: width, fonts, colours, files. A group can put"
                    + " this into one file that others extend.",
            value = "{}",
            identity = false)
        FigureSpec figures,
    @Key(
            doc =
                "Studies of finished runs: what heads do, when a level is crossed. They"
                    + " read the parameters that measurement.checkpoints_at stores. They train"
                    + " nothing.",
            value = "{}",
            identity = false)
        Map<String, StudySpec> studies,
    @Key(
            doc = "Your own names for formulas and plots, each with the path of its" + " value.",
            value = "{}")
        Map<String, String> symbols,
    @Key(
            doc =
                "How the work is carried out: device, processes, checkpoints. It does"
                    + " not decide any result.",
            value = "{}",
            identity = false)
        ExecutionSpec execution,
    @Key(
            doc = "Named parts of a file. The one chosen with --profile is applied last.",
            value = "{}")
        Map<String, PartSpec> profiles) {
  /** The newest version of the language that is known here. */
  public static final int VERSION = 1;

  /** The sections that make up a configuration. */
  public static final List<String> SECTIONS =
      List.of("task", "repetition", "architecture", "training", "measurement");

  /** Whether a dotted path leads to a value of a configuration. */
  public static boolean isOfConfiguration(String path) {
    return SECTIONS.contains(path.split("\\.")[0]);
  }
}
