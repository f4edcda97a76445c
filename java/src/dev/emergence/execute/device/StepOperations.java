package dev.emergence.execute.device;

import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.StepProgram;
import dev.emergence.train.Trainer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The operations of one optimiser step in order, as a GPU would be given them: a training is made
 * on any backend, which is told to be called cuda, and what it records is listed. Nothing is
 * trained.
 */
final class StepOperations {
  private static final Set<String> OPTIMIZERS = Set.of("adam", "sgd");

  /** What changes no tensor. */
  private static final Set<String> OTHER = Set.of("range", "profile", "arithmetic");

  private StepOperations() {}

  /**
   * One operation.
   *
   * @param name of the backend's method
   * @param arguments of the call: tensors, and records that hold some
   */
  record Operation(String name, List<Object> arguments) {}

  /**
   * A recorded step.
   *
   * @param groups its operations, by the first of each group; those of a group are done by one
   *     kernel
   * @param arithmetic of its products and attention
   * @param launches pieces of work that the backend itself makes of it
   */
  record Step(List<List<Operation>> groups, Arithmetic arithmetic, int launches) {
    List<Operation> operations() {
      return groups.stream().flatMap(List::stream).toList();
    }
  }

  /**
   * The step of one replica.
   *
   * @param backend where it is recorded; stays the caller's
   */
  static Step of(Backend backend, RunConfig config, int seed) {
    return of(backend, config, seed, true);
  }

  /**
   * As {@link #of(Backend, RunConfig, int)}.
   *
   * @param own whether our own kernel computes the products that it is chosen for; else NVIDIA's
   *     library computes all, and no operation is done with one
   */
  static Step of(Backend backend, RunConfig config, int seed, boolean own) {
    Listing listing = new Listing(backend, own);
    Backend listed =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, listing);
    Trainer.create(listed, List.of(config), List.of(seed)).close();
    return listing.programs.stream()
        .filter(p -> p.operations().stream().anyMatch(o -> OPTIMIZERS.contains(o.name())))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no step was recorded"));
  }

  /** Passes every call on, and keeps those within a record. */
  private static final class Listing implements InvocationHandler {
    private final Backend backend;
    private final List<Step> programs = new ArrayList<>();
    private final List<Operation> recorded = new ArrayList<>();
    private Arithmetic arithmetic = Arithmetic.FLOAT32;
    private final boolean own;
    private boolean recording;

    Listing(Backend backend, boolean own) {
      this.backend = backend;
      this.own = own;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      switch (method.getName()) {
        case "name":
          return "cuda";
        case "arithmetic":
          arithmetic = (Arithmetic) arguments[0];
          if (backend.name().equals("cuda")) { // kernels are counted as they are in it
            backend.arithmetic(arithmetic);
          }
          return null;
        case "record":
          return record((Runnable) arguments[0]);
        default:
          if (recording && arguments != null && isOperation(method)) {
            recorded.add(new Operation(method.getName(), List.of(arguments)));
          }
          return passed(method, arguments);
      }
    }

    private static boolean isOperation(Method method) {
      return method.getReturnType() == void.class && !OTHER.contains(method.getName());
    }

    private StepProgram record(Runnable body) {
      recorded.clear();
      recording = true;
      try {
        StepProgram program = backend.record(body);
        programs.add(new Step(groups(program), arithmetic, program.launches()));
        return program;
      } finally {
        recording = false;
      }
    }

    private List<List<Operation>> groups(StepProgram program) {
      if (program.size() != recorded.size()) {
        throw new IllegalStateException(
            "listed " + recorded.size() + " of " + program.size() + " operations");
      }
      return program.joined(Optional.of(arithmetic).filter(a -> own)).stream()
          .map(group -> group.stream().map(recorded::get).toList())
          .toList();
    }

    private Object passed(Method method, Object[] arguments) throws Throwable {
      try {
        return method.invoke(backend, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
