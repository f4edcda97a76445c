package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;

/** The values of an axis as written: a list, or a range. */
record AxisSpec(Node written) {}
