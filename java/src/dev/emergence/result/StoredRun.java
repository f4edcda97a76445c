package dev.emergence.result;

import dev.emergence.plan.Run;
import org.apiguardian.api.API;

/** A finished run as it lies in the results folder. */
@API(status = API.Status.MAINTAINED)
public record StoredRun(Run run, Outcome outcome, Curve curve) {}
