package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keys of older files by their present names, each with a warning. */
public final class Renamed {
  private Renamed() {}

  /** {@code bootstrap} of a fit has become {@code interval}, which needs no resamples. */
  public static Node.Mapping in(Diagnostics out, Node.Mapping tree) {
    if (!(tree.get("fits") instanceof Node.Mapping fits)) {
      return tree;
    }
    Node.Mapping renamed = fits;
    for (Map.Entry<String, Node.Entry> fit : fits.entries().entrySet()) {
      if (fit.getValue().value() instanceof Node.Mapping old
          && old.get("bootstrap") instanceof Node.Mapping bootstrap) {
        Place place = old.entries().get("bootstrap").key();
        out.report(
            place,
            Code.W205,
            "fits." + fit.getKey() + ".bootstrap is now called interval; it needs no resamples",
            "write interval for bootstrap, with the same level, and leave resamples out");
        renamed =
            renamed.with(fit.getKey(), new Node.Entry(fit.getValue().key(), interval(old, place)));
      }
    }
    return renamed == fits
        ? tree
        : tree.with("fits", new Node.Entry(tree.entries().get("fits").key(), renamed));
  }

  /** What {@code interval} says beside it wins. */
  private static Node.Mapping interval(Node.Mapping fit, Place place) {
    Map<String, Node.Entry> keys = new LinkedHashMap<>();
    keys.putAll(((Node.Mapping) fit.get("bootstrap")).entries());
    keys.remove("resamples");
    if (fit.get("interval") instanceof Node.Mapping present) {
      keys.putAll(present.entries());
    }
    Map<String, Node.Entry> entries = new LinkedHashMap<>(fit.entries());
    entries.remove("bootstrap");
    entries.put("interval", new Node.Entry(place, new Node.Mapping(keys, place)));
    return new Node.Mapping(entries, fit.place());
  }
}
