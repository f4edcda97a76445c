package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Catalog;
import java.util.Map;

/** The catalog of architectures that train on batches: one line each. */
public final class Models {
  private static final Catalog<ArchitectureSpec, Factory<ArchitectureSpec>> KNOWN =
      Catalog.complete(
          "architecture",
          ArchitectureSpec.class,
          Map.ofEntries(
              entry(ArchitectureSpec.Transformer.class, Transformer::new),
              entry(ArchitectureSpec.Toy.class, ToyModel::new)));

  private interface Factory<S> {
    Model create(S spec, Signature signature);
  }

  private static <S extends ArchitectureSpec>
      Map.Entry<Class<? extends ArchitectureSpec>, Factory<ArchitectureSpec>> entry(
          Class<S> kind, Factory<S> factory) {
    return Map.entry(kind, (spec, signature) -> factory.create(kind.cast(spec), signature));
  }

  private Models() {}

  /**
   * The model of a file's architecture.
   *
   * @throws IllegalArgumentException naming the known ones when this one is not
   */
  public static Model create(ArchitectureSpec spec, Signature signature) {
    return KNOWN.of(spec).create(spec, signature);
  }
}
