package dev.emergence.execute.run;

import dev.emergence.execute.device.Engine;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Snapshot;
import dev.emergence.train.Training;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The main path: trains the runs of a cohort together, measures them, and stores each when its
 * conditions ask for no more.
 *
 * <p>When a run is evaluated, saved or put into a smaller cohort changes nothing of what it gives.
 */
final class Worker implements Runner {
  private final Engine.Trainings trainings;
  private final Backend backend;
  private final Site site;

  Worker(Engine.Trainings trainings, Backend backend, Site site) {
    this.trainings = trainings;
    this.backend = backend;
    this.site = site;
  }

  @Override
  public void work(List<PlannedRun> runs, int attempt) throws IOException, Interrupt.Stopped {
    TreeMap<Long, List<Member>> byStep = new TreeMap<>();
    for (PlannedRun run : runs) {
      Member member = Member.open(run, site, attempt);
      byStep.computeIfAbsent(member.step(), step -> new ArrayList<>()).add(member);
    }
    for (List<Member> members : byStep.values()) {
      List<Member> left = members;
      while (!left.isEmpty()) {
        left = train(left);
      }
    }
  }

  /**
   * Trains until at least half of the members have ended.
   *
   * @return the others, each with the snapshot it goes on from
   */
  private List<Member> train(List<Member> members) throws IOException, Interrupt.Stopped {
    try (Training training = create(members)) {
      List<Integer> active = new ArrayList<>(IntStream.range(0, members.size()).boxed().toList());
      Pace pace = new Pace(site.spec().checkpointEvery());
      while (true) {
        measure(training, members, active);
        storeEnded(training, members, active);
        if (2 * active.size() <= members.size()) {
          active.forEach(replica -> members.get(replica).pause(training.snapshot(replica)));
          return active.stream().map(members::get).toList();
        }
        save(training, members, active, pace);
        trainOn(training, members, active, pace);
      }
    }
  }

  private Training create(List<Member> members) {
    List<RunConfig> configs = members.stream().map(m -> m.planned().run().config()).toList();
    Training training =
        trainings.create(
            backend, configs, members.stream().map(m -> m.planned().run().seed()).toList());
    try {
      List<Snapshot> snapshots = members.stream().flatMap(m -> m.snapshot().stream()).toList();
      if (!snapshots.isEmpty()) {
        training.restore(snapshots);
      }
      members.forEach(m -> m.columns(training.columns()));
      return training;
    } catch (RuntimeException | Error e) {
      training.close();
      throw e;
    }
  }

  private static void measure(Training training, List<Member> members, List<Integer> active) {
    long step = training.step();
    boolean evaluation = step % evaluateEvery(members) == 0;
    // A replica whose loss was not finite has stopped before this step and has no row here.
    List<Integer> trained =
        active.stream().filter(replica -> training.divergedAt(replica).isEmpty()).toList();
    if (evaluation && trained.stream().anyMatch(replica -> !members.get(replica).has(step))) {
      double[][] rows = training.evaluate();
      training.react(rows);
      trained.forEach(replica -> members.get(replica).measured(step, rows[replica]));
    }
  }

  private static void storeEnded(Training training, List<Member> members, List<Integer> active)
      throws IOException {
    long step = training.step();
    for (int replica : List.copyOf(active)) {
      Member member = members.get(replica);
      OptionalLong stopped = training.divergedAt(replica);
      if (stopped.isPresent()) {
        member.diverged(stopped.getAsLong(), notFinite(stopped.getAsLong(), member.curve()));
        active.remove((Integer) replica);
        continue;
      }
      Optional<String> exploded = Explosion.reason(member.curve());
      boolean done = exploded.isEmpty() && member.done(step);
      for (String label : member.picturesDue(step, done)) {
        member.trueKeys(() -> training.trueKeys(replica));
        member.keep(label, step, training.pictures(replica));
      }
      if (member.films(step)) {
        member.trueKeys(() -> training.trueKeys(replica));
        member.film(step, training.pictures(replica));
      }
      if (member.keepsWeights(step, done)) {
        member.keepWeights(step, training.parameters(replica));
      }
      if (exploded.isPresent()) {
        member.diverged(step, exploded.get());
      } else if (done) {
        member.complete(training.snapshot(replica));
      }
      if (done || exploded.isPresent()) {
        active.remove((Integer) replica);
      }
    }
  }

  private static String notFinite(long step, Curve curve) {
    return "the loss of step " + step + " is not finite" + Explosion.lastFinite(curve);
  }

  private static void trainOn(
      Training training, List<Member> members, List<Integer> active, Pace pace) {
    long step = training.step();
    long next = step + pace.steps();
    for (int replica : active) {
      next = Math.min(next, members.get(replica).next(step, evaluateEvery(members)));
    }
    pace.begin();
    training.trainTo(next);
    pace.end(next - step);
    active.forEach(replica -> members.get(replica).reached(training.step()));
  }

  private void save(Training training, List<Member> members, List<Integer> active, Pace pace)
      throws IOException, Interrupt.Stopped {
    boolean stop = site.interrupt().requested();
    if (stop || pace.saveIsDue()) {
      for (int replica : active) {
        members.get(replica).save(training.snapshot(replica));
      }
      pace.saved();
    }
    if (stop) {
      throw new Interrupt.Stopped();
    }
  }

  private static int evaluateEvery(List<Member> members) {
    return members.get(0).planned().run().config().measurement().evaluateEvery();
  }
}
