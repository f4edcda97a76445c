package dev.emergence.task;

import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.Prediction;
import dev.emergence.tensor.RandomStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A task that is held to what {@link SequenceTask} promises: what it leaves out, or says of
 * positions that are not there, fails with the name of its class instead of changing a number.
 *
 * @param task the task
 * @param shape what a model reads and must predict on it
 */
record CheckedTask(SequenceTask task, Prediction shape) implements SequenceTask {
  private static final double ROUNDING = 1e-9;

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
          Set<List<String>> names = new HashSet<>();
          for (Level level : all) {
            if (!metrics.contains(level.metric()) || !isPossible(level)) {
              throw new IllegalArgumentException(
                  level + " is no number of " + String.join(" or ", metrics));
            }
            if (!names.add(List.of(level.name(), level.metric()))) {
              throw new IllegalArgumentException(
                  level.metric() + " has two levels of the name " + level.name());
            }
          }
          return all;
        });
  }

  /** No loss is below 0, and an accuracy is a share: one in percent would be taken for another. */
  private static boolean isPossible(Level level) {
    double most = level.metric().equals("accuracy") ? 1 + ROUNDING : Double.MAX_VALUE;
    return level.value() >= -ROUNDING && level.value() <= most;
  }

  @Override
  public SequenceTask tests() {
    return new CheckedTask(result("tests", task::tests), shape);
  }

  @Override
  public SequenceTask prompts(String set) {
    return new CheckedTask(result("prompts", () -> task.prompts(set)), shape);
  }
}
