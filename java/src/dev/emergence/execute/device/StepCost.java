package dev.emergence.execute.device;

import dev.emergence.execute.device.OperationWork.Products;
import dev.emergence.execute.device.StepOperations.Operation;
import dev.emergence.execute.device.StepOperations.Step;
import dev.emergence.plan.PlannedRun;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one optimiser step of a cohort would take on a GPU, by a model: each operation takes the
 * longest of its launches, its bytes and its arithmetic, at the rates of {@link GpuRates}. No
 * number of it is measured.
 *
 * @param replicas trained together
 * @param lines one a kind of operation, in the order of their first calls
 * @param gpus names of the GPUs, in the order of {@link Line#seconds}
 */
public record StepCost(int replicas, Arithmetic arithmetic, List<String> gpus, List<Line> lines) {
  /** The name under which the rates of our own kernel for products stand. */
  private static final String OWN_PRODUCT = "ownProduct";

  private static final String NORM_BACKWARD = "layerNormBackward";

  /**
   * All calls of an operation in a step, or of several that one kernel does.
   *
   * @param operation names of the backend's methods
   * @param launches kernels
   * @param operations additions and multiplications of products
   * @param seconds one a GPU
   * @param decides what takes longest on the first GPU: launch, bytes or arithmetic
   */
  public record Line(
      String operation,
      int calls,
      int launches,
      double operations,
      double bytes,
      List<Double> seconds,
      String decides) {

    private Line plus(Line other) {
      List<Double> sums = new ArrayList<>();
      for (int i = 0; i < seconds.size(); i++) {
        sums.add(seconds.get(i) + other.seconds.get(i));
      }
      return new Line(
          operation,
          calls + other.calls,
          launches + other.launches,
          operations + other.operations,
          bytes + other.bytes,
          sums,
          seconds.get(0) >= other.seconds.get(0) ? decides : other.decides);
    }
  }

  /** Time of an operation for three reasons; the longest holds. */
  private record Reasons(double launch, double bytes, double arithmetic) {
    double longest() {
      return Math.max(launch, Math.max(bytes, arithmetic));
    }

    String name() {
      if (longest() == launch) {
        return "launch";
      }
      return longest() == bytes ? "bytes" : "arithmetic";
    }
  }

  /**
   * The model's prediction.
   *
   * @param backend where a step of one replica is recorded, of any device; stays the caller's
   * @param replicas of the run that would train together
   */
  public static StepCost predict(Backend backend, PlannedRun run, int replicas) {
    return of(StepOperations.of(backend, run.run().config(), run.run().seed()), replicas);
  }

  /** As {@link #predict}, of a recorded step. */
  static StepCost of(Step step, int replicas) {
    return of(step, replicas, Products.chosen(step.arithmetic()));
  }

  /** As {@link #predict}, of a recorded step with other products. */
  static StepCost of(Step step, int replicas, Products products) {
    GpuRates rates = GpuRates.load();
    SharedSums shared = SharedSums.of(step, products);
    Model model = new Model(rates, step.arithmetic(), products, shared);
    Map<String, Line> lines = new LinkedHashMap<>();
    for (List<Operation> group : step.groups()) {
      for (Line line : model.lines(group, replicas)) {
        lines.merge(line.operation(), line, Line::plus);
      }
    }
    List<String> names = rates.gpus().stream().map(rates::name).toList();
    return new StepCost(replicas, step.arithmetic(), names, List.copyOf(lines.values()));
  }

  private record Model(
      GpuRates rates, Arithmetic arithmetic, Products products, SharedSums shared) {
    /**
     * Of a layer norm among others the sums over rows are done with these, the rest alone; or the
     * rest with what gives it tokens, and the sums elsewhere.
     */
    List<Line> lines(List<Operation> group, int replicas) {
      Map<Boolean, List<Operation>> norms =
          group.stream().collect(Collectors.partitioningBy(o -> o.name().equals(NORM_BACKWARD)));
      if (norms.get(false).isEmpty() || norms.get(true).isEmpty()) {
        return List.of(line(group, replicas, 0));
      }
      if (norms.get(false).stream().allMatch(o -> o.name().equals("takeTokensBackward"))) {
        return List.of(line(group, replicas, 1));
      }
      List<Line> lines = new ArrayList<>(List.of(line(norms.get(false), replicas, 0)));
      norms.get(true).forEach(norm -> lines.add(line(List.of(norm), replicas, 1)));
      return lines;
    }

    /**
     * @param elsewhere kernels that others do as well
     */
    private Line line(List<Operation> group, int replicas, int elsewhere) {
      OperationWork work =
          OperationWork.of(group, rates.tile(), products)
              .less(shared.elements(group))
              .times(replicas);
      int launches = kernels(group) - elsewhere;
      String name = work.own() ? OWN_PRODUCT : heaviest(group);
      Arithmetic used = work.matrix() ? arithmetic : Arithmetic.FLOAT32;
      List<Reasons> reasons = new ArrayList<>();
      for (String gpu : rates.gpus()) {
        double busy =
            work.tiles() == 0 ? 1 : Math.min(1, work.tiles() / rates.multiprocessors(gpu));
        reasons.add(
            new Reasons(
                launches * rates.launchSeconds(),
                work.bytes() / rates.bytesPerSecond(gpu, name),
                work.operations() / (busy * rates.operationsPerSecond(gpu, name, used))));
      }
      return new Line(
          group.stream().map(Operation::name).collect(Collectors.joining(", ")),
          group.size(),
          launches,
          work.operations(),
          work.bytes(),
          reasons.stream().map(Reasons::longest).toList(),
          reasons.get(0).name());
    }

    private int kernels(List<Operation> group) {
      return group.stream()
          .mapToInt(o -> rates.launches(o.name(), work(o).small()))
          .max()
          .orElseThrow();
    }

    private OperationWork work(Operation operation) {
      return OperationWork.of(operation, rates.tile(), products);
    }

    /** The operation whose rates hold for all that are done with it. */
    private String heaviest(List<Operation> group) {
      return group.stream()
          .max(
              Comparator.comparingDouble((Operation o) -> work(o).operations())
                  .thenComparingDouble(o -> work(o).bytes()))
          .orElseThrow()
          .name();
    }
  }

  /** Kernels of a step. */
  public int launches() {
    return lines.stream().mapToInt(Line::launches).sum();
  }

  /** Operations of the backend in a step. */
  public int calls() {
    return lines.stream().mapToInt(Line::calls).sum();
  }

  /** Additions and multiplications of products in a step. */
  public double operations() {
    return lines.stream().mapToDouble(Line::operations).sum();
  }

  /** Bytes that a step reads and writes. */
  public double bytes() {
    return lines.stream().mapToDouble(Line::bytes).sum();
  }

  /** Seconds of a step of all replicas on a GPU, by its place in {@link #gpus}. */
  public double seconds(int gpu) {
    return lines.stream().mapToDouble(line -> line.seconds().get(gpu)).sum();
  }
}
