package dev.emergence.spec;

import java.util.Map;

/**
 * One cell of a sweep, before seeds.
 *
 * @param sweep the sweep's name
 * @param variant the variant's name, or empty
 * @param values the swept values by dotted path, in the order of the axes: numbers, strings or
 *     booleans
 * @param config the whole configuration with these values in it
 */
public record Condition(
    String sweep, String variant, Map<String, Object> values, RunConfig config) {}
