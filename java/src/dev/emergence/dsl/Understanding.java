package dev.emergence.dsl;

import dev.emergence.dsl.bind.Binder;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Lookup;
import dev.emergence.dsl.bind.LostKeys;
import dev.emergence.dsl.bind.Renamed;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.bind.ShortForms;
import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.bind.SweepFile;
import dev.emergence.dsl.check.Checks;
import dev.emergence.dsl.check.References;
import dev.emergence.dsl.check.Warnings;
import dev.emergence.dsl.sweep.Configs;
import dev.emergence.dsl.sweep.Factors;
import dev.emergence.dsl.sweep.Sweeps;
import dev.emergence.dsl.sweep.Symbolic;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Condition;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.FigureSpec;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.StudySpec;
import dev.emergence.spec.SweepSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One merged tree to one experiment, with a profile and the command line's values put in. */
final class Understanding {
  private final Diagnostics out;
  private final ReadOptions options;
  private final boolean complete;
  private final Map<String, Node.Entry> sets;
  private final Node.Mapping tree;
  private Map<String, Factors> factors = Map.of();

  Understanding(Diagnostics out, Node.Mapping written, boolean complete, ReadOptions options) {
    this.out = out;
    this.options = options;
    this.complete = complete;
    this.sets = CommandLine.parse(out, options.sets());
    Node.Mapping profiled =
        options.profile().map(name -> withProfile(written, name)).orElse(written);
    Node.Mapping byPath = Symbolic.in(out, Renamed.in(out, profiled));
    this.tree = ShortForms.expand(Symbolic.in(out, CommandLine.apply(out, byPath, sets)));
  }

  private Node.Mapping withProfile(Node.Mapping written, String name) {
    if (Trees.find(written, "profiles." + name) instanceof Node.Mapping part) {
      Node.Mapping merged = Symbolic.merge(written, part.in(Layer.PROFILE));
      new LostKeys(out).between(written, merged);
      return merged;
    }
    if (!complete) {
      return written;
    }
    List<String> known =
        written.get("profiles") instanceof Node.Mapping m
            ? List.copyOf(m.entries().keySet())
            : List.of();
    String hint = known.isEmpty() ? SpecReader.NO_PROFILES : Suggestions.meantOrKnown(name, known);
    out.report(
        Trees.nearest(written, "profiles", Place.whole(written.place().source())),
        Code.E116,
        "there is no profile '" + Texts.shorten(name) + "'",
        hint);
    return written;
  }

  private static Optional<SeedsSpec> seeds(Object part) {
    return part instanceof Optional<?> o ? o.map(SeedsSpec.class::cast) : Optional.empty();
  }

  /** One file that gives all this by itself. */
  Node.Mapping standalone() {
    return Standalone.tree(tree, sets, options);
  }

  /** Where values come from. */
  Origins origins() {
    return new Origins(tree, factors);
  }

  /** The experiment; when empty, or when errors were reported, it cannot be run. */
  Optional<ExperimentSpec> experiment() {
    Binder binder = new Binder(out, tree, complete);
    unknownKeys();
    Map<String, Object> parts = parts(binder);
    new NameChecks(out, tree).all(parts);
    Configs configs = new Configs(complete);
    Map<String, SweepSpec> sweeps = sweeps(binder, configs, parts);
    Optional<RunConfig> base = base(configs, sweeps);
    if (complete && base.isPresent() && namesAreKnown()) {
      boolean single = sweeps.isEmpty() && writtenSweeps().isEmpty();
      Map<String, SweepSpec> known = single ? Map.of("main", single(base.get())) : sweeps;
      References names =
          new References(out, tree, known, writtenSweeps(), seeds(parts.get("seeds")));
      new Checks(names, tree).all(parts, known);
    }
    if (isAbstract()) {
      Place place = Trees.nearest(tree, "abstract", tree.place());
      String message =
          "the file is abstract: it is there to be extended and cannot be run by itself";
      out.report(place, Code.E115, message, "extend it, or take 'abstract: true' out");
    }
    if (!complete || base.isEmpty() || out.errors() > 0 || parts.containsValue(null)) {
      return Optional.empty();
    }
    ExperimentSpec spec = assemble(parts, base.get(), sweeps);
    new Warnings(out, tree, spec.sweeps()).all(spec.fits(), spec.sweeps(), spec.seeds());
    return Optional.of(spec);
  }

  /**
   * The values of all keys but those of the configuration, which sweeps change, and the sweeps
   * themselves.
   */
  private Map<String, Object> parts(Binder binder) {
    Map<String, Object> parts = new LinkedHashMap<>();
    for (Shape.Field field : Shape.of(ExperimentFile.class).fields().values()) {
      String key = field.name();
      boolean separately =
          ExperimentFile.SECTIONS.contains(key) || key.equals("sweeps") || key.equals("dsl");
      boolean nameless = key.equals("name") && isAbstract();
      if (!separately && !nameless) {
        boolean named = field.shape() instanceof Shape.MapOf;
        parts.put(
            key,
            named
                ? named(binder, (Shape.MapOf) field.shape(), key)
                : binder.bindField(field, tree));
      }
    }
    return parts;
  }

  /** Whether nothing that gives names to others is unreadable as a whole; its names are unknown. */
  private boolean namesAreKnown() {
    return Stream.of("sweeps", "fits", "claims", "plots", "measurement.thresholds")
        .map(path -> Trees.find(tree, path))
        .allMatch(node -> node == null || node instanceof Node.Mapping);
  }

  private Set<String> writtenSweeps() {
    return tree.get("sweeps") instanceof Node.Mapping m ? m.entries().keySet() : Set.of();
  }

  /**
   * Entries are bound one by one, so that a broken plot does not hide what is wrong with another.
   */
  private Map<String, Object> named(Binder binder, Shape.MapOf map, String section) {
    Map<String, Object> bound = new LinkedHashMap<>();
    if (tree.get(section) instanceof Node.Mapping written) {
      written
          .entries()
          .forEach(
              (name, entry) -> {
                Object value = binder.bind(map.value(), entry, section + "." + name);
                if (value != null) {
                  bound.put(name, value);
                }
              });
    } else if (tree.get(section) != null) {
      binder.bind(map, tree.entries().get(section), section);
    }
    return Collections.unmodifiableMap(bound);
  }

  private boolean isAbstract() {
    return tree.text("abstract").equals("true");
  }

  private void unknownKeys() {
    Map<String, Shape.Field> known = Shape.of(ExperimentFile.class).fields();
    tree.entries()
        .forEach(
            (key, entry) -> {
              if (!known.containsKey(key)) {
                if (!isPath(key)) {
                  out.meant().key(entry.key(), Suggestions.nearest(key, known.keySet()));
                }
                out.report(
                    entry.key(),
                    Code.E102,
                    "unknown key '" + Texts.shorten(key) + "'",
                    sectionOf(key, known));
              }
            });
  }

  /** Dotted paths are for sweeps and --set; a file nests its keys. */
  private boolean isPath(String key) {
    return key.contains(".") && Lookup.shape(tree, key).isPresent();
  }

  /** A key at the top that belongs into a section is told so. */
  private String sectionOf(String key, Map<String, Shape.Field> known) {
    if (isPath(key)) {
      String[] keys = key.split("\\.");
      String closed = "}".repeat(keys.length - 1);
      return "write " + String.join(": {", keys) + ": ..." + closed;
    }
    for (String section : ExperimentFile.SECTIONS) {
      if (Lookup.shape(tree, section + "." + key).isPresent()) {
        return "it belongs under " + section;
      }
    }
    return Suggestions.meantOrKnown(key, known.keySet());
  }

  private Map<String, SweepSpec> sweeps(Binder binder, Configs configs, Map<String, Object> parts) {
    Map<String, SweepFile> written = new LinkedHashMap<>();
    Shape.MapOf map = (Shape.MapOf) Shape.of(ExperimentFile.class).fields().get("sweeps").shape();
    named(binder, map, "sweeps").forEach((name, sweep) -> written.put(name, (SweepFile) sweep));
    long seeds =
        parts.get("seeds") instanceof Optional<?> s && s.orElse(null) instanceof SeedsSpec spec
            ? spec.count()
            : 1;
    Sweeps expander = new Sweeps(out, tree, sets, configs);
    Map<String, SweepSpec> sweeps = expander.expand(written, seeds, options.yesMany());
    factors = expander.factors();
    return sweeps;
  }

  /**
   * The configuration outside any sweep. Where every sweep gives what it lacks, it may be
   * incomplete; it then is the first condition's.
   */
  private Optional<RunConfig> base(Configs configs, Map<String, SweepSpec> sweeps) {
    Configs alone = new Configs(complete);
    Optional<RunConfig> base = alone.bind(tree);
    if (writtenSweeps().stream().anyMatch(this::varies)) {
      alone.reportWritten(out);
    } else {
      alone.report(out);
    }
    configs.report(out);
    return base.isPresent() || sweeps.isEmpty()
        ? base
        : Optional.of(sweeps.values().iterator().next().conditions().get(0).config());
  }

  /** Whether a sweep gives values that the file itself may then lack. */
  private boolean varies(String sweep) {
    Node written = Trees.find(tree, "sweeps." + sweep);
    return List.of("grid", "zip", "variants").stream()
        .anyMatch(key -> Trees.find(written, key) != null);
  }

  @SuppressWarnings("unchecked")
  private ExperimentSpec assemble(
      Map<String, Object> parts, RunConfig base, Map<String, SweepSpec> sweeps) {
    String name = parts.get("name") + options.profile().map(p -> "+" + p).orElse("");
    Map<String, SweepSpec> some = sweeps.isEmpty() ? Map.of("main", single(base)) : sweeps;
    return new ExperimentSpec(
        name,
        (String) parts.get("description"),
        base,
        (Optional<SeedsSpec>) parts.get("seeds"),
        some,
        (Map<String, FitSpec>) parts.get("fits"),
        (Map<String, ClaimSpec>) parts.get("claims"),
        (Map<String, PlotSpec>) parts.get("plots"),
        (FigureSpec) parts.get("figures"),
        (Map<String, StudySpec>) parts.get("studies"),
        (Map<String, String>) parts.get("symbols"),
        (ExecutionSpec) parts.get("execution"));
  }

  private static SweepSpec single(RunConfig base) {
    return new SweepSpec(
        "main",
        Map.of(),
        List.of(new Condition("main", "", Map.of(), base)),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }
}
