package dev.emergence.task;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One replica's part of a batch, on the host. Tokens and classes are numbers too.
 *
 * @param input (N, L, width); width 1 for tokens
 * @param target (N, outputs); one output for classes
 * @param relevant (N, L): 1 on the tokens that the last position should attend to
 * @param from (N) queries of the second of them, or empty where there is none
 * @param to (N, L): 1 on its keys, or empty
 */
public record Drawn(
    int samples,
    int length,
    double[] input,
    double[] target,
    int[] relevant,
    int[] from,
    int[] to) {

  /** Reads a batch whose {@link Batch#parents} were asked for before it was drawn. */
  public static Drawn read(Backend backend, Batch batch, int replica) {
    Tensor input = batch.input();
    List<Parents> parents = batch.parents();
    int length = input.dim(2);
    int[] relevant = new int[input.dim(1) * length];
    parents.forEach(p -> mark(backend, p, replica, relevant, length, true));
    boolean linked = parents.size() > 1 && parents.get(1).entries() == 1;
    int[] to = new int[linked ? relevant.length : 0];
    if (linked) {
      mark(backend, parents.get(1), replica, to, length, false);
    }
    return new Drawn(
        input.dim(1),
        length,
        part(numbers(backend, input), input.replicas(), replica),
        part(numbers(backend, batch.target()), input.replicas(), replica),
        relevant,
        linked ? backend.ints(parents.get(1).queries().replica(replica)) : new int[0],
        to);
  }

  /** Puts 1 on the keys of each sequence's queries, of the last position's alone if so asked. */
  private static void mark(
      Backend backend, Parents parents, int replica, int[] marks, int length, boolean lastOnly) {
    int[] queries = backend.ints(parents.queries().replica(replica));
    int[] keys = backend.ints(parents.keys().replica(replica));
    int entries = marks.length / length * parents.entries();
    for (int i = 0; i < entries * parents.width(); i++) {
      int key = keys[i % keys.length];
      int query = queries[i / parents.width() % queries.length];
      if (key >= 0 && (query == length - 1 || !lastOnly)) {
        marks[i / parents.width() / parents.entries() * length + key] = 1;
      }
    }
  }

  private static double[] numbers(Backend backend, Tensor t) {
    return t.dtype() == DType.F32
        ? backend.doubles(t)
        : Arrays.stream(backend.ints(t)).asDoubleStream().toArray();
  }

  private static double[] part(double[] all, int replicas, int replica) {
    int size = all.length / replicas;
    return Arrays.copyOfRange(all, replica * size, (replica + 1) * size);
  }

  /** Numbers of a token. */
  public int width() {
    return input.length / (samples * length);
  }

  /** Numbers of a target. */
  public int outputs() {
    return target.length / samples;
  }

  /** Token {@code l} of sequence {@code n}. */
  public double[] token(int n, int l) {
    int at = (n * length + l) * width();
    return Arrays.copyOfRange(input, at, at + width());
  }

  /** All tokens of a sequence. */
  public double[] sequence(int n) {
    int size = length * width();
    return Arrays.copyOfRange(input, n * size, (n + 1) * size);
  }

  /** The integer token {@code l} of sequence {@code n}. */
  public int id(int n, int l) {
    return (int) input[n * length + l];
  }

  /** The target of a sequence. */
  public double[] target(int n) {
    return Arrays.copyOfRange(target, n * outputs(), (n + 1) * outputs());
  }

  /** Whether a token is relevant. */
  public boolean relevant(int n, int l) {
    return relevant[n * length + l] == 1;
  }

  /** Positions of the relevant tokens of a sequence, rising. */
  public int[] relevant(int n) {
    return IntStream.range(0, length).filter(l -> relevant(n, l)).toArray();
  }

  /** Whether both hold the same numbers, bit for bit. */
  public boolean same(Drawn other) {
    return Arrays.equals(input, other.input)
        && Arrays.equals(target, other.target)
        && Arrays.equals(relevant, other.relevant)
        && Arrays.equals(from, other.from)
        && Arrays.equals(to, other.to);
  }
}
