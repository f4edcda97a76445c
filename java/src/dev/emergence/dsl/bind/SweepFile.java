package dev.emergence.dsl.bind;

import dev.emergence.spec.Key;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.SweepSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A sweep as written. Its parts are crossed in the order of the file, the last axis fastest. */
public record SweepFile(
    @Key(
            doc = "Settings of this sweep alone, by path (or as a partial file).",
            value = "{}",
            unit = "path")
        PartSpec set,
    @Key(doc = "Named partial files, each crossed with the rest.", value = "{}")
        Map<String, PartSpec> variants,
    @Key(doc = "Paths, each with its values; all combinations are conditions.", value = "{}")
        Map<String, AxisSpec> grid,
    @Key(doc = "Groups of paths whose values are walked together.", value = "[]")
        List<Map<String, AxisSpec>> zip,
    @Key(
            doc =
                "Keeps only conditions for which this holds: d <= 64 or T <= 128, variant == adam.",
            value = Key.ABSENT)
        Optional<String> when,
    @Key(doc = "Drops conditions for which this holds.", value = Key.ABSENT)
        Optional<String> exclude,
    @Key(doc = "Keeps, for fits and plots, the best value of one axis.", value = Key.ABSENT)
        Optional<SweepSpec.Select> select,
    @Key(
            doc =
                "Seeds of this sweep, in place of the file's: other seeds, or other things that they"
                    + " change.",
            value = Key.ABSENT,
            atomic = true)
        Optional<SeedsSpec> seeds) {}
