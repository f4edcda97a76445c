package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Catalog;
import dev.emergence.spec.DiagonalRnnSpec;
import dev.emergence.spec.GatedDeltaSpec;
import dev.emergence.spec.LinearAttentionSpec;
import dev.emergence.spec.MlpMixerSpec;
import dev.emergence.spec.ToySpec;
import dev.emergence.spec.TransformerSpec;
import java.util.Map;
import java.util.function.Function;

/** The catalog of architectures that train on batches: one line each. */
public final class Models {
  private static final Catalog<ArchitectureSpec, Factory<ArchitectureSpec>> KNOWN =
      Catalog.complete(
          "architecture",
          ArchitectureSpec.class,
          Map.ofEntries(
              stack(TransformerSpec.class, AttentionMixer::new),
              stack(MlpMixerSpec.class, MlpMixer::new),
              stack(LinearAttentionSpec.class, LinearAttention::new),
              stack(GatedDeltaSpec.class, GatedDelta::new),
              stack(DiagonalRnnSpec.class, DiagonalRnn::new),
              entry(ToySpec.class, ToyModel::new)));

  private interface Factory<S> {
    Model create(S spec, Signature signature);
  }

  private static <S extends ArchitectureSpec>
      Map.Entry<Class<? extends ArchitectureSpec>, Factory<ArchitectureSpec>> entry(
          Class<S> kind, Factory<S> factory) {
    return Map.entry(kind, (spec, signature) -> factory.create(kind.cast(spec), signature));
  }

  /** An architecture on a residual stream, by its mixer. */
  private static <S extends ArchitectureSpec>
      Map.Entry<Class<? extends ArchitectureSpec>, Factory<ArchitectureSpec>> stack(
          Class<S> kind, Function<S, TokenMixer> mixer) {
    return entry(
        kind,
        (spec, signature) ->
            new StackModel(spec.stack().orElseThrow(), mixer.apply(spec), signature));
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
