package dev.emergence.task;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One replica's part of a batch, on the host. Tokens and classes are numbers too.
 *
 * @param input (N, L, width); width 1 for tokens
 * @param target (N, outputs); one output for classes
 * @param relevant (N, L)
 * @param from (N), or empty where the task has no link
 * @param to (N, L), or empty
 */
public record Drawn(
    int samples,
    int length,
    double[] input,
    double[] target,
    int[] relevant,
    int[] from,
    int[] to) {

  /** Reads what was drawn last. */
  public static Drawn read(Backend backend, Batch batch, int replica) {
    Tensor relevant = batch.relevant();
    return new Drawn(
        relevant.dim(1),
        relevant.dim(2),
        part(numbers(backend, batch.input()), relevant.replicas(), replica),
        part(numbers(backend, batch.target()), relevant.replicas(), replica),
        part(backend.ints(relevant), relevant.replicas(), replica),
        batch
            .link()
            .map(link -> part(backend.ints(link.from()), relevant.replicas(), replica))
            .orElse(new int[0]),
        batch
            .link()
            .map(link -> part(backend.ints(link.to()), relevant.replicas(), replica))
            .orElse(new int[0]));
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

  private static int[] part(int[] all, int replicas, int replica) {
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
