package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;

/**
 * A part of an experiment file that is merged into it before it is understood: a profile, a
 * variant, a sweep's settings.
 */
public record PartSpec(Node.Mapping tree) {}
