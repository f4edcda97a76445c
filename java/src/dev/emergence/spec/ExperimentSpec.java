package dev.emergence.spec;

import java.util.Map;
import java.util.Optional;

/**
 * One experiment file, understood.
 *
 * @param name the experiment's name, and its results folder's; with {@code +profile} appended when
 *     one was chosen
 * @param description what is asked, in a sentence; may be empty
 * @param base the configuration outside any sweep
 * @param seeds empty when nothing is drawn at random ({@code seeds: none})
 * @param sweeps by name, in file order; a file without sweeps has one named {@code main} with one
 *     condition
 * @param fits by name
 * @param claims by name
 * @param plots by name
 * @param figures how all plots look
 * @param studies by name
 * @param symbols extra formula names from {@code symbols:}, to dotted paths
 */
public record ExperimentSpec(
    String name,
    String description,
    RunConfig base,
    Optional<SeedsSpec> seeds,
    Map<String, SweepSpec> sweeps,
    Map<String, FitSpec> fits,
    Map<String, ClaimSpec> claims,
    Map<String, PlotSpec> plots,
    @Key(doc = "How all figures look.", value = "{}", since = 2) FigureSpec figures,
    @Key(doc = "Studies of finished runs.", value = "{}", since = 2) Map<String, StudySpec> studies,
    Map<String, String> symbols,
    ExecutionSpec execution) {}
