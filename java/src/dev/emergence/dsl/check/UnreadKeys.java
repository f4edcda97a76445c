package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Condition;
import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SweepSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** W203: keys that a file writes, for all conditions or for some, and that none of them reads. */
final class UnreadKeys {
  private final Diagnostics out;
  private final Node.Mapping tree;

  UnreadKeys(Diagnostics out, Node.Mapping tree) {
    this.out = out;
    this.tree = tree;
  }

  void all(Collection<SweepSpec> sweeps) {
    List<Condition> conditions = sweeps.stream().flatMap(s -> s.conditions().stream()).toList();
    Set<String> paths = new LinkedHashSet<>();
    conditions.forEach(c -> paths.addAll(unread(c.config()).keySet()));
    for (String path : paths) {
      Optional.ofNullable(Trees.entry(tree, path))
          .filter(entry -> entry.key().layer() != Layer.EXTENDS)
          .ifPresent(entry -> warn(path, entry, path, conditions));
    }
    sweeps.forEach(this::sweep);
    hidden(sweeps);
  }

  /** A profile is there to change values: one that every sweep sets again changes none. */
  private void hidden(Collection<SweepSpec> sweeps) {
    Trees.leaves(new Node.Entry(tree.place(), tree), "")
        .forEach(
            (path, entry) -> {
              if (entry.key().layer() == Layer.PROFILE
                  && sweeps.stream().allMatch(sweep -> sets(sweep, path))) {
                out.report(
                    entry.key(),
                    Code.W203,
                    path + " has no effect here: every sweep sets it",
                    "change the sweeps in the profile instead");
              }
            });
  }

  /**
   * Whether each condition of a sweep gets its own value: from its axes, set or its variant. The
   * one condition of a file without sweeps gets none.
   */
  private boolean sets(SweepSpec sweep, String path) {
    if (!(Trees.find(tree, "sweeps." + sweep.name()) instanceof Node.Mapping written)) {
      return false;
    }
    return isIn(written.get("set"), path)
        || sweep.conditions().stream()
            .allMatch(
                c ->
                    c.values().containsKey(path)
                        || isIn(written.get("variants"), c.variant() + "." + path));
  }

  private static boolean isIn(Node part, String path) {
    return part != null && leaves(part).containsKey(path);
  }

  private void sweep(SweepSpec sweep) {
    if (!(Trees.find(tree, "sweeps." + sweep.name()) instanceof Node.Mapping written)) {
      return;
    }
    String swept = "sweep " + sweep.name() + ": ";
    List<Node> parts = new ArrayList<>();
    for (String part : List.of("set", "grid", "zip")) {
      parts.addAll(parts(written.get(part)));
    }
    parts.forEach(part -> warn(swept, leaves(part), sweep.conditions()));
    if (written.get("variants") instanceof Node.Mapping variants) {
      variants
          .entries()
          .forEach(
              (name, variant) ->
                  warn(
                      "variant " + name + ": ",
                      leaves(variant.value()),
                      sweep.conditions().stream().filter(c -> c.variant().equals(name)).toList()));
    }
  }

  /** A mapping of paths, or several: a zip may be a list. */
  private static List<Node> parts(Node written) {
    return written instanceof Node.Sequence list
        ? list.items()
        : written == null ? List.of() : List.of(written);
  }

  private static Map<String, Node.Entry> leaves(Node part) {
    return Trees.leaves(new Node.Entry(part.place(), part), "");
  }

  private void warn(String who, Map<String, Node.Entry> leaves, List<Condition> conditions) {
    leaves.forEach((path, entry) -> warn(path, entry, who + path, conditions));
  }

  private void warn(String path, Node.Entry entry, String name, List<Condition> conditions) {
    String hint = null;
    for (Condition c : conditions) {
      hint = unread(c.config()).get(path);
      if (hint == null) {
        return;
      }
    }
    if (hint != null) {
      out.report(entry.key(), Code.W203, name + " has no effect here", hint);
    }
  }

  private static Map<String, String> unread(RunConfig config) {
    Map<String, String> unread =
        new LinkedHashMap<>(
            PluginFailure.orResult(
                config.task().getClass(), "unread", () -> config.task().unread()));
    unread.putAll(config.architecture().unread(config.task()));
    unread.putAll(config.training().optimizer().unread());
    if (!config.repeatsAcrossSamples()) {
      unread.putIfAbsent("task.special_token", "cross_sample is 0");
      unread.putIfAbsent("repetition.repeated_tokens", "cross_sample is 0");
    }
    return unread;
  }
}
