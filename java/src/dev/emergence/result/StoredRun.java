package dev.emergence.result;

import dev.emergence.plan.Run;

/** A finished run as it lies in the results folder. */
public record StoredRun(Run run, Outcome outcome, Curve curve) {}
