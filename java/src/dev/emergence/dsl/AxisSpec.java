package dev.emergence.dsl;

/** The values of an axis as written: a list, or a range. */
record AxisSpec(Node written) {}
