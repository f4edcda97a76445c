package dev.emergence.execute.run;

import dev.emergence.train.Start;
import dev.emergence.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The places of one training, the members on them, and those that wait for one.
 *
 * <p>All members on places are evaluated at the same moments, since an evaluation measures every
 * place: a member sits down only when its step and theirs differ by whole intervals of evaluation.
 * Until then a place that has become free is trained on, unread.
 */
final class Seats implements AutoCloseable {
  private final Training training;
  private final Member[] seated;
  private final List<Member> waiting = new ArrayList<>();
  private final int every;

  /**
   * As many places as there are members, who sit down where they can.
   *
   * @param create makes the training
   */
  Seats(List<Member> members, Function<List<Start>, Training> create) {
    this.seated = new Member[members.size()];
    this.every = members.get(0).evaluateEvery();
    long phase = members.get(0).step() % every;
    for (int r = 0; r < seated.length; r++) {
      Member member = members.get(r);
      if (member.step() % every == phase) {
        member.begin();
        seated[r] = member;
      } else {
        waiting.add(member);
      }
    }
    this.training = create.apply(members.stream().map(Member::start).toList());
    try {
      taken().forEach(r -> seated[r].entered(training.columns()));
    } catch (RuntimeException | Error e) {
      training.close();
      throw e;
    }
  }

  Training training() {
    return training;
  }

  /** Places with a member, as of now. */
  List<Integer> taken() {
    return IntStream.range(0, seated.length).filter(r -> seated[r] != null).boxed().toList();
  }

  Member member(int replica) {
    return seated[replica];
  }

  /** The step at which a place's member stands. */
  long step(int replica) {
    return training.step(replica);
  }

  /** Whether the members on places stand where they are evaluated. */
  boolean atEvaluation() {
    return taken().stream().anyMatch(r -> step(r) % every == 0);
  }

  /** The member of this place has ended. */
  void leave(int replica) {
    seated[replica] = null;
  }

  /** Places for which nobody waits. */
  int wanting() {
    return Math.max(0, seated.length - taken().size() - waiting.size());
  }

  /** It takes a place when it can. */
  void await(Member member) {
    waiting.add(member);
  }

  /**
   * Gives free places to those who wait and fit in now.
   *
   * @return whether anybody sat down
   */
  boolean seatWaiting() {
    boolean any = false;
    for (Iterator<Member> queue = waiting.iterator(); queue.hasNext(); ) {
      Member member = queue.next();
      int free = Arrays.asList(seated).indexOf(null);
      if (free >= 0 && untilSeated(member) == 0) {
        queue.remove();
        member.begin();
        training.enter(free, member.start());
        member.entered(training.columns());
        seated[free] = member;
        any = true;
      }
    }
    return any;
  }

  /** Steps until a member fits in; 0 when it does now. */
  private long untilSeated(Member member) {
    List<Integer> taken = taken();
    return taken.isEmpty() ? 0 : Math.floorMod(member.step() - step(taken.get(0)), every);
  }

  /** The most steps that all may be trained before somebody wants to be looked at. */
  long untilLook() {
    long steps = Long.MAX_VALUE;
    for (int r : taken()) {
      steps = Math.min(steps, seated[r].next(step(r)) - step(r));
    }
    for (Member member : waiting) {
      steps = Math.min(steps, untilSeated(member));
    }
    return steps;
  }

  /** Whether nobody waits and half of the places are free, so that a smaller training is faster. */
  boolean shouldShrink() {
    return waiting.isEmpty() && 2 * taken().size() <= seated.length;
  }

  /** All who sit, each with the snapshot that it goes on from. */
  List<Member> pauseAll() {
    taken().forEach(r -> seated[r].pause(training.snapshot(r)));
    return Arrays.stream(seated).filter(Objects::nonNull).toList();
  }

  /** Tells that all have come further, or still wait. */
  void tell() {
    taken().forEach(r -> seated[r].reached(step(r)));
    waiting.forEach(Member::waits);
  }

  @Override
  public void close() {
    training.close();
  }
}
