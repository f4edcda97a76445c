package dev.emergence.execute.run;

import dev.emergence.execute.device.Engine;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Training;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The main path: trains the runs of a cohort together, measures them, and stores each when its
 * conditions ask for no more. Its place is given to the next run that waits; once none waits and
 * half of the places are free, the others go on in a smaller cohort.
 *
 * <p>When a run is evaluated, saved, given a place or put into a smaller cohort changes nothing of
 * what it gives.
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
  public void work(List<PlannedRun> runs, Supply supply, int attempt)
      throws IOException, Interrupt.Stopped {
    List<Member> members = new ArrayList<>();
    for (PlannedRun run : runs) {
      members.add(Member.open(run, site, attempt));
    }
    while (!members.isEmpty()) {
      members = train(members, supply, attempt);
    }
  }

  /**
   * Trains until no run waits and at least half of the members have ended.
   *
   * @return the others, each with the snapshot it goes on from
   */
  private List<Member> train(List<Member> members, Supply supply, int attempt)
      throws IOException, Interrupt.Stopped {
    try (Seats seats = new Seats(members, starts -> trainings.create(backend, starts))) {
      Pace pace = new Pace(site.spec().checkpointEvery());
      while (true) {
        measure(seats);
        storeEnded(seats, supply);
        invite(seats, supply, attempt);
        if (seats.seatWaiting()) {
          continue;
        }
        save(seats, pace);
        if (seats.shouldShrink()) {
          return seats.pauseAll();
        }
        trainOn(seats, pace);
      }
    }
  }

  private static void measure(Seats seats) {
    if (!seats.atEvaluation()) {
      return;
    }
    Training training = seats.training();
    // A replica whose loss was not finite has stopped before this step and has no row here.
    List<Integer> due =
        seats.taken().stream()
            .filter(r -> training.divergedAt(r).isEmpty())
            .filter(r -> !seats.member(r).has(seats.step(r)))
            .toList();
    if (!due.isEmpty()) {
      double[][] rows = training.evaluate();
      for (int replica : due) {
        training.react(replica, rows[replica]);
        Member member = seats.member(replica);
        member.measured(seats.step(replica), rows[replica]);
        if (Explosion.reason(member.curve()).isEmpty()) {
          training.requireFinite(replica);
        }
      }
    }
  }

  private static void storeEnded(Seats seats, Supply supply) throws IOException {
    for (int replica : seats.taken()) {
      Member member = seats.member(replica);
      if (endedHere(seats, replica)) {
        seats.leave(replica);
        supply.ended(member.planned());
      }
    }
  }

  /** Keeps what is due of a member at this step, and stores it if it has ended. */
  private static boolean endedHere(Seats seats, int replica) throws IOException {
    Training training = seats.training();
    Member member = seats.member(replica);
    long step = seats.step(replica);
    OptionalLong stopped = training.divergedAt(replica);
    if (stopped.isPresent()) {
      member.diverged(stopped.getAsLong(), notFinite(stopped.getAsLong(), member.curve()));
      return true;
    }
    Optional<String> exploded = Explosion.reason(member.curve());
    boolean done = exploded.isEmpty() && member.done(step);
    member.pictures().take(step, done, training, replica);
    if (member.keepsWeights(step, done)) {
      member.keepWeights(step, training.parameters(replica));
    }
    if (exploded.isPresent()) {
      member.diverged(step, exploded.get());
    } else if (done) {
      member.complete(step, () -> training.snapshot(replica));
    }
    return done || exploded.isPresent();
  }

  private static String notFinite(long step, Curve curve) {
    return "the loss of step " + step + " is not finite" + Explosion.lastFinite(curve);
  }

  /** Lets as many runs come as there are places for which nobody waits. */
  private void invite(Seats seats, Supply supply, int attempt) throws IOException {
    if (!site.interrupt().requested()) {
      for (PlannedRun run : supply.more(seats.wanting())) {
        seats.await(Member.open(run, site, attempt));
      }
    }
  }

  private static void trainOn(Seats seats, Pace pace) {
    long steps = Math.min(pace.steps(), seats.untilLook());
    pace.begin();
    seats.training().train(steps);
    pace.end(steps);
    seats.tell();
  }

  private void save(Seats seats, Pace pace) throws IOException, Interrupt.Stopped {
    boolean stop = site.interrupt().requested();
    if (stop || pace.saveIsDue()) {
      for (int replica : seats.taken()) {
        seats.member(replica).save(seats.training().snapshot(replica));
      }
      pace.saved();
    }
    if (stop) {
      throw new Interrupt.Stopped();
    }
  }
}
