package dev.emergence.spec;

/**
 * Which seeds each condition is run with. {@code seeds: none} means one run and nothing drawn at
 * random.
 */
@ShortForm("count")
public record SeedsSpec(
    @Key(doc = "First seed.", value = "0", min = 0, max = 2147483647L) int first,
    @Key(doc = "How many seeds, counted up from first.", value = "1", min = 1, max = 100000)
        int count,
    @Key(
            doc =
                "Whether equal seeds draw equal streams in all conditions, which tightens comparisons.",
            value = "true")
        boolean paired) {}
