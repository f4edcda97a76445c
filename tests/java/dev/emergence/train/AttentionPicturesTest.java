package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.model.Network;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttentionPicturesTest {
  /** Something that answers some calls and does nothing at others. */
  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    Object stub =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answers.get(method.getName()));
    return type.cast(stub);
  }

  @Test
  void true_keys_are_those_of_every_position_from_the_first_on() {
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend)) {
      Tensor queries = scope.ints(2, 1, 3);
      backend.write(queries, new int[] {1, -1, -1, 0, 2, -1});
      Tensor keys = scope.ints(2, 1, 3, 2);
      backend.write(keys, new int[] {0, 1, 0, 0, 0, 0, 0, -1, 1, 2, 0, 1});
      Tensor x = scope.floats(2, 1, 3, 2);
      Attention.Shape shape = new Attention.Shape(1, 1, 3, 3, 2, true, 2, 2, 2);
      Attention attention = new Attention(x, x, x, Optional.empty(), x, x, shape, 1);
      Parents parents = new Parents("parents", queries, keys);
      AttentionPictures pictures =
          new AttentionPictures(
              backend,
              scope,
              answering(Batch.class, Map.of("input", x, "parents", List.of(parents))),
              answering(Network.class, Map.of("attention", List.of(attention))));
      assertThat(pictures.trueKeys(0)).isDeepEqualTo(new double[][] {{1, 0}, {1, 1}});
      assertThat(pictures.trueKeys(1)).isDeepEqualTo(new double[][] {{0, 0}, {2, 1}, {2, 2}});
    }
  }
}
