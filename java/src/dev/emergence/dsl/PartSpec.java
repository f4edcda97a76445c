package dev.emergence.dsl;

/**
 * A part of an experiment file that is merged into it before it is understood: a profile, a
 * variant, a sweep's settings.
 */
record PartSpec(Node.Mapping tree) {}
