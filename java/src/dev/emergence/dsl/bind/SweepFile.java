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
            doc = "Settings for this sweep only, by path or as a part of a file.",
            value = "{}",
            unit = "path")
        PartSpec set,
    @Key(
            doc =
                "Named parts of a file. Each is combined with all conditions of the rest, whose"
                    + " values stand above its own. A mapping with another kind takes no key of the"
                    + " file's over.",
            value = "{}",
            unit = "path")
        Map<String, PartSpec> variants,
    @Key(
            doc = "Paths, each with its values. Every combination of values is a" + " condition.",
            value = "{}")
        Map<String, AxisSpec> grid,
    @Key(
            doc =
                "Groups of paths. The first values of a group form a condition, then"
                    + " the second values, and so on.",
            value = "[]")
        List<Map<String, AxisSpec>> zip,
    @Key(
            doc =
                "Keeps only conditions for which this is true: d <= 64 or T <= 128,"
                    + " variant == adam.",
            value = Key.ABSENT)
        Optional<String> when,
    @Key(doc = "Leaves out conditions for which this is true.", value = Key.ABSENT)
        Optional<String> exclude,
    @Key(
            doc = "For fits, claims and plots, keeps only the best value of one axis.",
            value = Key.ABSENT)
        Optional<SweepSpec.Select> select,
    @Key(doc = "Seeds of this sweep, instead of the file's.", value = Key.ABSENT, atomic = true)
        Optional<SeedsSpec> seeds) {}
