package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Kind;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** The catalog of architectures that train on batches: one line each. */
public final class Models {
  private static final Map<
          Class<? extends ArchitectureSpec>, BiFunction<ArchitectureSpec, Signature, Model>>
      KNOWN =
          Map.of(
              ArchitectureSpec.Transformer.class,
                  (spec, signature) ->
                      new Transformer((ArchitectureSpec.Transformer) spec, signature),
              ArchitectureSpec.Toy.class,
                  (spec, signature) -> new ToyModel((ArchitectureSpec.Toy) spec, signature));

  private Models() {}

  /**
   * The model of a file's architecture.
   *
   * @throws IllegalArgumentException naming the known ones when this architecture has no networks
   */
  public static Model create(ArchitectureSpec spec, Signature signature) {
    BiFunction<ArchitectureSpec, Signature, Model> factory = KNOWN.get(spec.getClass());
    if (factory == null) {
      TreeSet<String> names = new TreeSet<>();
      KNOWN.keySet().forEach(k -> names.add(word(k)));
      throw new IllegalArgumentException(
          "architecture '"
              + word(spec.getClass())
              + "' is not trained on batches; known: "
              + String.join(", ", names));
    }
    return factory.apply(spec, signature);
  }

  private static String word(Class<?> spec) {
    Kind kind = spec.getAnnotation(Kind.class);
    return kind == null ? spec.getSimpleName() : kind.value();
  }
}
