package dev.emergence.spec;

import java.util.ArrayList;

/**
 * All that decides one training: an experiment file with its sweep values put in. Together with a
 * seed it is a run. What the architecture leaves to the task is decided here, so that a run's
 * identity says it.
 *
 * <p>The constructor throws {@link InvalidSpec} with every contradiction between the parts.
 */
public record RunConfig(
    @Key(doc = "The task that is to be learned.") TaskSpec task,
    @Key(doc = "How often training data are repeated.", value = "{}") RepetitionSpec repetition,
    @Key(doc = "The model that learns.", value = "{kind: transformer}")
        ArchitectureSpec architecture,
    @Key(doc = "How the model is trained.", value = "{}") TrainingSpec training,
    @Key(doc = "What is measured.", value = "{}") MeasurementSpec measurement,
    @Key(doc = "Random streams that another seed decides.", value = "{}", since = 2)
        Streams streams) {

  /** A configuration whose streams all come from the run's own seed. */
  public RunConfig(
      TaskSpec task,
      RepetitionSpec repetition,
      ArchitectureSpec architecture,
      TrainingSpec training,
      MeasurementSpec measurement) {
    this(task, repetition, architecture, training, measurement, Streams.OWN);
  }

  /** Whether special or favoured tokens occur, in training or in a test set. */
  public boolean repeatsAcrossSamples() {
    return repetition.crossSample() > 0
        || repetition.changes().stream().anyMatch(c -> c.crossSample().orElse(0.0) > 0)
        || measurement.testSets().values().stream().anyMatch(t -> t.crossSample().orElse(0.0) > 0);
  }

  /** The same with other streams. */
  public RunConfig with(Streams others) {
    return new RunConfig(task, repetition, architecture, training, measurement, others);
  }

  public RunConfig {
    // The first time that a task of another jar is asked for anything.
    Prediction predicts =
        PluginFailure.orResult(task.getClass(), "predicts", () -> task.predicts());
    architecture = architecture.on(predicts);
    training = training.inSequences(predicts.length());
    Parts parts =
        new Parts(task, repetition, architecture, training, measurement, new ArrayList<>());
    measurement = Families.expand(measurement, Metrics.stored(parts));
    InvalidSpec.throwIfAny(
        Contradictions.of(task, repetition, architecture, training, measurement));
  }
}
