package dev.emergence.task;

import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.Prediction;
import dev.emergence.tensor.RandomStream;
import java.util.List;
import java.util.function.Supplier;

/**
 * A task that is held to what {@link SequenceTask} promises: what it leaves out, or says of
 * positions that are not there, fails with the name of its class instead of changing a number.
 *
 * @param task the task
 * @param shape what a model reads and must predict on it
 */
record CheckedTask(SequenceTask task, Prediction shape) implements SequenceTask {

  private <T> T result(String method, Supplier<T> call) {
    return PluginFailure.orResult(task.getClass(), method, call);
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    result(
        "draw",
        () -> {
          task.draw(stream, step, n, out);
          out.requireWritten();
          return out;
        });
  }

  @Override
  public List<Attends> attends() {
    return result(
        "attends",
        () -> {
          List<Attends> all = task.attends();
          for (Attends each : all) {
            each.requireWithin(shape.length());
          }
          return all;
        });
  }

  @Override
  public List<Attending> attending() {
    return result("attending", () -> List.copyOf(task.attending()));
  }

  @Override
  public List<Level> levels(String testSet) {
    return result(
        "levels",
        () -> {
          List<String> metrics = shape.loss().metrics();
          List<Level> all = task.levels(testSet);
          for (Level level : all) {
            if (!metrics.contains(level.metric()) || !Double.isFinite(level.value())) {
              throw new IllegalArgumentException(
                  level + " is no number of " + String.join(" or ", metrics));
            }
          }
          return all;
        });
  }

  @Override
  public SequenceTask prompts(String set) {
    return new CheckedTask(result("prompts", () -> task.prompts(set)), shape);
  }
}
