package dev.emergence.hub;

import dev.emergence.hub.Answer.Measure;
import dev.emergence.hub.HubFolder.Checkpoint;
import dev.emergence.measure.Localisation;
import dev.emergence.tensor.Backend;
import dev.emergence.train.HeadChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * When the checkpoints of one model solve prompts. Every checkpoint is read once at most, and then
 * answers all sets.
 */
public final class Capabilities implements AutoCloseable {
  private final HubFolder folder;
  private final List<Checkpoint> used;
  private final List<PromptSet> sets;
  private final NeoxConfig config;
  private final HubModel model;
  private final Consumer<String> notes;
  private final NavigableMap<Long, Map<String, Map<Measure, Double>>> readings = new TreeMap<>();
  private final Map<Long, String> unreadable = new TreeMap<>();

  private Capabilities(
      HubFolder folder,
      List<Checkpoint> used,
      List<PromptSet> sets,
      NeoxConfig config,
      HubModel model,
      Consumer<String> notes) {
    this.folder = folder;
    this.used = used;
    this.sets = sets;
    this.config = config;
    this.model = model;
    this.notes = notes;
  }

  /**
   * What to look at.
   *
   * @param checkpoints folder of checkpoints
   * @param prompts a file of prompts; empty: those that come with the program
   * @param withoutDuplicates whether steps that share their weights are left out instead of refused
   */
  public record Request(Path checkpoints, Optional<Path> prompts, boolean withoutDuplicates) {}

  /**
   * Opens a folder and reads the prompts; weights are read later.
   *
   * @param backend stays the caller's
   * @param notes takes a line on each checkpoint
   * @throws BadFile when the folder, its configuration, the prompts or the tokenizer cannot be
   *     used, or when steps share their weights
   */
  public static Capabilities open(Backend backend, Request request, Consumer<String> notes)
      throws BadFile {
    HubFolder folder = HubFolder.of(request.checkpoints());
    NeoxConfig config = NeoxConfig.read(required(folder, "config.json"));
    Optional<Path> vocabulary = folder.find("tokenizer.json");
    Optional<Tokenizer> tokenizer =
        vocabulary.isEmpty() ? Optional.empty() : Optional.of(Tokenizer.read(vocabulary.get()));
    List<PromptSet> sets = prompts(request, folder, tokenizer);
    for (PromptSet set : sets) {
      BadFile.require(
          set.largest() < config.vocabulary() && set.longest() <= config.longest(),
          "prompts "
              + set.name()
              + " have tokens up to "
              + set.largest()
              + " and up to "
              + set.longest()
              + " of them; the model knows "
              + config.vocabulary()
              + " tokens and reads "
              + config.longest());
    }
    for (Path unnamed : folder.unnamed()) {
      notes.accept(unnamed + " is left out: its name does not end in 'step' and a number");
    }
    List<Checkpoint> used = distinct(folder, request, notes);
    HubModel model = new HubModel(backend, config, sets);
    return new Capabilities(folder, used, sets, config, model, notes);
  }

  private static Path required(HubFolder folder, String name) throws BadFile {
    Optional<Path> found = folder.find(name);
    BadFile.require(
        found.isPresent(), folder.folder() + " has no " + name + ", nor has any checkpoint in it");
    return found.orElseThrow();
  }

  private static List<PromptSet> prompts(
      Request request, HubFolder folder, Optional<Tokenizer> tokenizer) throws BadFile {
    if (request.prompts().isPresent()) {
      return PromptFile.read(request.prompts().get(), tokenizer);
    }
    BadFile.require(
        tokenizer.isPresent(),
        folder.folder()
            + " has no tokenizer.json, which the built-in prompts need; give a file of prompts in"
            + " token numbers");
    return BuiltinPrompts.of(tokenizer.orElseThrow());
  }

  private static List<Checkpoint> distinct(
      HubFolder folder, Request request, Consumer<String> notes) throws BadFile {
    List<List<Checkpoint>> twice = Duplicates.among(folder.checkpoints());
    if (twice.isEmpty()) {
      return folder.checkpoints();
    }
    List<String> lines =
        twice.stream()
            .map(
                group ->
                    "  steps "
                        + String.join(
                            ", ", group.stream().map(c -> String.valueOf(c.step())).toList()))
            .toList();
    String list =
        "these checkpoints have the same weights under different steps, so that one of each is not"
            + " what its name says:\n"
            + String.join("\n", lines);
    BadFile.require(
        request.withoutDuplicates(),
        list + "\nfetch them again, or leave all of them out with --without-duplicates");
    notes.accept(list + "\nall of them are left out");
    List<Checkpoint> rest = new ArrayList<>(folder.checkpoints());
    twice.forEach(rest::removeAll);
    return rest;
  }

  /** Names of the prompt sets. */
  public List<String> sets() {
    return sets.stream().map(PromptSet::name).toList();
  }

  /** How many prompts a set has. */
  public int prompts(String set) {
    return sets.stream()
        .filter(s -> s.name().equals(set))
        .mapToInt(s -> s.prompts().size())
        .findFirst()
        .orElse(0);
  }

  /** Steps of the checkpoints that are looked at, rising. */
  public List<Long> steps() {
    return used.stream().map(Checkpoint::step).toList();
  }

  /** Steps whose checkpoints could not be read, with the reason. */
  public Map<Long, String> unreadable() {
    return unreadable;
  }

  /**
   * Where a measure passes a level, for each set. What was read for one set counts for all.
   *
   * @throws BadFile when it is a difference to foils, and a set has none
   */
  public List<Crossing> crossings(String measure, double above) throws BadFile {
    Measure which = Measure.valueOf(measure.toUpperCase(Locale.ROOT));
    for (PromptSet set : sets) {
      BadFile.require(
          which != Measure.LOGIT_DIFFERENCE || set.hasFoils(),
          "prompts " + set.name() + " have no foil, so there is no logit_difference");
    }
    List<Crossing> found = new ArrayList<>();
    int known = -1;
    while (readings.size() > known) {
      known = readings.size();
      found.clear();
      sets.forEach(set -> found.add(crossing(set.name(), which, above)));
    }
    return found;
  }

  private Crossing crossing(String set, Measure which, double above) {
    TreeSet<Long> first = new TreeSet<>(Localisation.doubling(steps()));
    first.addAll(readings.keySet());
    Localisation found =
        Localisation.search(
            steps(), List.copyOf(first), step -> value(step, set, which), value -> value > above);
    return new Crossing(set, found);
  }

  /**
   * Where a measure passes its level.
   *
   * @param found what was found
   */
  public record Crossing(String set, Localisation found) {}

  private OptionalDouble value(long step, String set, Measure measure) {
    if (!readings.containsKey(step) && !unreadable.containsKey(step)) {
      read(step);
    }
    return readings.containsKey(step)
        ? OptionalDouble.of(readings.get(step).get(set).get(measure))
        : OptionalDouble.empty();
  }

  private void read(long step) {
    try {
      load(step);
      readings.put(step, answers());
      notes.accept("step " + step + " read");
    } catch (BadFile e) {
      unreadable.put(step, e.getMessage());
      notes.accept("step " + step + " is stepped around: " + e.getMessage());
    }
  }

  private Map<String, Map<Measure, Double>> answers() throws BadFile {
    Map<String, Map<Measure, Double>> row = new LinkedHashMap<>();
    for (PromptSet set : sets) {
      List<Answer> answers = model.answers(set.name(), HeadChange.NONE);
      BadFile.require(
          answers.stream().allMatch(a -> Double.isFinite(a.probability())),
          "its logits for prompts " + set.name() + " are not finite");
      Map<Measure, Double> numbers = new EnumMap<>(Measure.class);
      for (Measure measure : Measure.values()) {
        numbers.put(measure, measure.of(answers));
      }
      row.put(set.name(), numbers);
    }
    return row;
  }

  private void load(long step) throws BadFile {
    Checkpoint checkpoint = used.stream().filter(c -> c.step() == step).findFirst().orElseThrow();
    Path own = checkpoint.folder().resolve("config.json");
    BadFile.require(
        !Files.exists(own) || NeoxConfig.read(own).equals(config),
        own + " describes another model than the config.json that was read first");
    try (Weights weights = Weights.open(checkpoint.folder())) {
      model.load(weights);
    }
  }

  /** All that was measured: step, then set, then measure. */
  public NavigableMap<Long, Map<String, Map<Measure, Double>>> readings() {
    return readings;
  }

  /** The mean probability of a set's answers at a step that was read. */
  public double probability(String set, long step) {
    return readings.get(step).get(set).get(Measure.PROBABILITY);
  }

  /**
   * Studies the heads of one checkpoint, by the mean probability of a set's answers, whose heads
   * may take the patterns of another one.
   *
   * @param into step of the model that is changed
   * @param from step of the model that gives its patterns
   * @param study what is done with it
   */
  public <T> T heads(String set, long into, long from, Function<HubSubject, T> study)
      throws BadFile {
    load(from);
    model.donate(set);
    load(into);
    try (HubSubject subject = new HubSubject(model, set, Measure.PROBABILITY)) {
      return study.apply(subject);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
