package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.emergence.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Plays one scenario of operations on a backend under test and on the reference, and compares every
 * tensor that the scenario names.
 *
 * <p>Inputs are random float32 numbers that depend on the tensor's name and shape alone, so both
 * sides see the same. Outputs start as NaN, so that an element that is never written shows. Each
 * scenario is played in two layouts: tight buffers with operations run at once, and views into
 * larger buffers (offset and replica stride odd) with guards around every replica and operations
 * recorded.
 */
public final class Bench implements AutoCloseable {
  private static final int GUARD = 7;
  private static final double GUARD_VALUE = 12345.5;

  /** A sequence of allocations and operations. */
  public interface Scenario {
    /** Allocates through the bench, and calls operations inside {@link Bench#run}. */
    void play(Bench bench);
  }

  private final Backend backend;
  private final boolean guarded;
  private final Scope scope;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Tensor> surroundings = new LinkedHashMap<>();

  /**
   * An empty bench.
   *
   * @param guarded whether tensors are views with guards and operations are recorded
   */
  public Bench(Backend backend, boolean guarded) {
    this.backend = backend;
    this.guarded = guarded;
    this.scope = new Scope(backend);
  }

  /**
   * Holds a backend to the reference: integers equal, floats within {@code tolerance} times (size
   * of the value + root mean square of its tensor), guards whole, and a second time the same bits.
   */
  public static void agree(Backend tested, double tolerance, Scenario scenario) {
    agree(tested, tolerance, 0, scenario);
  }

  /** As above, with an absolute error that is always allowed. */
  public static void agree(Backend tested, double tolerance, double floor, Scenario scenario) {
    for (boolean guarded : new boolean[] {false, true}) {
      try (ReferenceBackend reference = new ReferenceBackend();
          Bench judge = played(reference, guarded, scenario);
          Bench first = played(tested, guarded, scenario);
          Bench second = played(tested, guarded, scenario)) {
        first.tensors.keySet().forEach(name -> first.compare(name, judge, tolerance, floor));
        first.tensors.keySet().forEach(name -> first.compareBits(name, second));
        first.checkGuards();
      }
    }
  }

  private static Bench played(Backend backend, boolean guarded, Scenario scenario) {
    Bench bench = new Bench(backend, guarded);
    scenario.play(bench);
    return bench;
  }

  /** The backend that operations are called on. */
  public Backend backend() {
    return backend;
  }

  /** Calls operations: at once, or recorded and then run. */
  public void run(Runnable operations) {
    if (!guarded) {
      operations.run();
      return;
    }
    try (StepProgram program = backend.record(operations)) {
      program.run();
    }
  }

  /** Standard normal float32 numbers. */
  public Tensor normal(String name, long... shape) {
    return normal(name, 1, shape);
  }

  /** Normal float32 numbers of a standard deviation. */
  public Tensor normal(String name, double deviation, long... shape) {
    Random random = new Random(name.hashCode() * 31L + Arrays.hashCode(shape));
    double[] values = new double[size(shape)];
    Arrays.setAll(values, i -> (float) (deviation * random.nextGaussian()));
    return values(name, values, shape);
  }

  /** Given numbers. */
  public Tensor values(String name, double[] values, long... shape) {
    Tensor t = allocate(name, DType.F32, shape);
    backend.write(t, values);
    return t;
  }

  /** Given integers. */
  public Tensor integers(String name, int[] values, long... shape) {
    Tensor t = allocate(name, DType.I32, shape);
    backend.write(t, values);
    return t;
  }

  /** Uniform integers from 0 to n - 1. */
  public Tensor below(String name, int n, long... shape) {
    Random random = new Random(name.hashCode() * 31L + Arrays.hashCode(shape));
    return integers(name, random.ints(size(shape), 0, n).toArray(), shape);
  }

  /** Room for results, NaN at first. */
  public Tensor output(String name, long... shape) {
    double[] values = new double[size(shape)];
    Arrays.fill(values, Double.NaN);
    return values(name, values, shape);
  }

  /** Room for integer results, absurd at first. */
  public Tensor integerOutput(String name, long... shape) {
    int[] values = new int[size(shape)];
    Arrays.fill(values, Integer.MIN_VALUE);
    return integers(name, values, shape);
  }

  /** Numbers of a named tensor. */
  public double[] read(String name) {
    return backend.doubles(tensors.get(name));
  }

  private Tensor allocate(String name, DType dtype, long... shape) {
    long inner = size(shape) / shape[0];
    long around = guarded ? GUARD : 0;
    Tensor whole =
        dtype == DType.F32
            ? scope.floats(shape[0], around + inner + around)
            : scope.ints(shape[0], around + inner + around);
    if (guarded) {
      fillWithGuards(whole);
    }
    Tensor t = whole.part(around, Arrays.copyOfRange(shape, 1, shape.length));
    assertThat(tensors.put(name, t)).as("tensor named twice: " + name).isNull();
    surroundings.put(name, whole);
    return t;
  }

  private void fillWithGuards(Tensor whole) {
    if (whole.dtype() == DType.F32) {
      double[] values = new double[Math.toIntExact(whole.size())];
      Arrays.fill(values, GUARD_VALUE);
      backend.write(whole, values);
    } else {
      int[] values = new int[Math.toIntExact(whole.size())];
      Arrays.fill(values, (int) GUARD_VALUE);
      backend.write(whole, values);
    }
  }

  private void checkGuards() {
    for (Map.Entry<String, Tensor> entry : surroundings.entrySet()) {
      double[] values = numbers(backend, entry.getValue());
      int row = Math.toIntExact(entry.getValue().perReplica());
      double guard = entry.getValue().dtype() == DType.F32 ? GUARD_VALUE : (int) GUARD_VALUE;
      for (int i = 0; i < values.length && guarded; i++) {
        boolean outside = i % row < GUARD || i % row >= row - GUARD;
        if (outside && values[i] != guard) {
          fail(
              describe(entry.getKey())
                  + ": wrote "
                  + values[i]
                  + " over the guard at "
                  + (i % row - GUARD)
                  + " of replica "
                  + i / row);
        }
      }
    }
  }

  private void compare(String name, Bench judge, double tolerance, double floor) {
    Tensor t = tensors.get(name);
    double[] got = numbers(backend, t);
    double[] want = numbers(judge.backend, judge.tensors.get(name));
    boolean exact = t.dtype() == DType.I32;
    double spread = rootMeanSquare(want);
    int worst = -1;
    double worstExcess = 0;
    for (int i = 0; i < want.length; i++) {
      double error = Double.compare(got[i], want[i]) == 0 ? 0 : Math.abs(got[i] - want[i]);
      double allowed =
          exact || !Double.isFinite(want[i]) ? 0 : tolerance * (Math.abs(want[i]) + spread) + floor;
      if (!(error <= allowed) && (worst < 0 || !(error - allowed <= worstExcess))) {
        worst = i;
        worstExcess = error - allowed;
      }
    }
    if (worst >= 0) {
      fail(
          describe(name)
              + " at "
              + worst
              + ": got "
              + got[worst]
              + ", want "
              + want[worst]
              + ", "
              + worstExcess
              + " more than allowed");
    }
  }

  private void compareBits(String name, Bench again) {
    double[] first = numbers(backend, tensors.get(name));
    double[] second = numbers(again.backend, again.tensors.get(name));
    for (int i = 0; i < first.length; i++) {
      if (Double.compare(first[i], second[i]) != 0) {
        fail(
            describe(name)
                + " at "
                + i
                + ": first "
                + first[i]
                + ", then "
                + second[i]
                + " from the same inputs");
      }
    }
  }

  private String describe(String name) {
    return backend.name()
        + ", "
        + (guarded ? "guarded and recorded" : "tight")
        + ": "
        + name
        + " "
        + tensors.get(name);
  }

  private static double[] numbers(Backend backend, Tensor t) {
    return t.dtype() == DType.F32
        ? backend.doubles(t)
        : Arrays.stream(backend.ints(t)).asDoubleStream().toArray();
  }

  private static double rootMeanSquare(double[] values) {
    double sum = 0;
    int count = 0;
    for (double v : values) {
      if (Double.isFinite(v)) {
        sum += v * v;
        count++;
      }
    }
    return count == 0 ? 0 : Math.sqrt(sum / count);
  }

  private static int size(long... shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  @Override
  public void close() {
    scope.close();
  }
}
