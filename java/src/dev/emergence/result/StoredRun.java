package dev.emergence.result;

import dev.emergence.plan.Run;
import org.apiguardian.api.API;

/**
 * A finished run from a results folder.
 *
 * @param run configuration, seed and id
 * @param outcome how it ended
 * @param curve what was measured
 */
@API(status = API.Status.MAINTAINED)
public record StoredRun(Run run, Outcome outcome, Curve curve) {}
