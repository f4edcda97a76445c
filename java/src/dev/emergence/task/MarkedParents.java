package dev.emergence.task;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** Parents of one query a sequence that a sampler gives as marks; listed once somebody asks. */
final class MarkedParents {
  private final Backend backend;
  private final Scope scope;
  private final String name;
  private final Optional<Tensor> queries;
  private final Tensor marks;
  private final int most;
  private Optional<Parents> listed = Optional.empty();

  /**
   * @param scope owner of the lists
   * @param queries (R, N, 1) i32; absent: the last position of every sequence
   * @param marks (R, N, L) i32, not 0 on the keys of the query
   * @param most no query has more keys
   */
  MarkedParents(
      Backend backend, Scope scope, String name, Optional<Tensor> queries, Tensor marks, int most) {
    this.backend = backend;
    this.scope = scope;
    this.name = name;
    this.queries = queries;
    this.marks = marks;
    this.most = most;
  }

  /** The lists; from the first call on {@link #list} keeps them. */
  Parents parents() {
    if (listed.isEmpty()) {
      int r = marks.replicas();
      Tensor keys = scope.ints(r, marks.dim(1), 1, most);
      listed = Optional.of(new Parents(name, queries.orElseGet(this::ofLast), keys));
    }
    return listed.get();
  }

  private Tensor ofLast() {
    int r = marks.replicas();
    Tensor last = scope.ints(r, marks.dim(1), 1);
    int[] positions = new int[Math.toIntExact(last.size())];
    Arrays.fill(positions, marks.dim(2) - 1);
    backend.write(last, positions);
    return last;
  }

  /** An operation of the backend, if somebody asked for the lists: fills them from the marks. */
  void list() {
    listed.ifPresent(p -> backend.listMarks(marks, p.keys()));
  }
}
