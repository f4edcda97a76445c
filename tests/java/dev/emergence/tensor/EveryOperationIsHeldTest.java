package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.reference.ReferenceBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;

/**
 * The contract of backends knows every operation: it is run on a backend that notes which methods
 * are called, and a method that no case calls fails the class. So a kernel for a new operation
 * cannot be without a test.
 */
class EveryOperationIsHeldTest implements BackendContract {
  private static final Set<String> CALLED = new TreeSet<>();

  /** What has a default and means something on some devices alone; their own tests call it. */
  private static final Set<String> OPTIONAL = Set.of("arithmetic", "range", "profile", "freeBytes");

  private static final Backend BACKEND = noting(new ReferenceBackend());

  @Override
  public Backend backend() {
    return BACKEND;
  }

  private static Backend noting(Backend backend) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              CALLED.add(method.getName());
              return call(backend, method, arguments);
            });
  }

  private static Object call(Backend backend, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(backend, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @AfterAll
  static void every_operation_has_a_case() {
    BACKEND.close();
    Set<String> unheld = new TreeSet<>();
    for (Method method : Backend.class.getMethods()) {
      unheld.add(method.getName());
    }
    unheld.removeAll(CALLED);
    unheld.removeAll(OPTIONAL);
    assertThat(unheld)
        .as("operations of Backend that no case of BackendContract calls; write one")
        .isEmpty();
  }
}
