package dev.emergence.spec;

/** How training data repeat themselves, within a context and across samples. */
public record RepetitionSpec(
    @Key(doc = "Copies of the relevant token (or of the query's key, on average) in one context.", symbol = "B", value = "1", min = 1, max = 1048576) int inContext,
    @Key(doc = "Probability that the relevant token is the special one (or that the query is among the favoured tokens).", symbol = "p", value = "0.0", min = 0, max = 1) double crossSample,
    @Key(doc = "Size of the favoured subset of associative recall.", value = "2", min = 1, max = 65536) int repeatedTokens) {}
