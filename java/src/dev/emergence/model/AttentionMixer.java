package dev.emergence.model;

import dev.emergence.model.NetworkOptions.Fold;
import dev.emergence.model.NetworkOptions.Shortcut;
import dev.emergence.model.NetworkOptions.Use;
import dev.emergence.spec.TransformerSpec;
import java.util.Optional;

/**
 * Softmax self-attention as a {@link TokenMixer}. It chooses the cheapest form that computes the
 * same: the first block may look through the embedding, and where the last position alone is read,
 * one query is enough, with keys and values or without.
 */
final class AttentionMixer implements TokenMixer {
  /**
   * On a GPU, operations that are worth ten further launches of 2 us inside a graph: at 200 TFLOP/s
   * 20 us, at float32's rate more. Computed, not measured.
   */
  private static final double TEN_LAUNCHES = 4e9;

  /**
   * On a GPU, operations of keys and values that are worth going without: that takes some 16 us of
   * further launches and of waiting, and saves 0.15 us for each 25 million operations, in tf32. By
   * the times that native/cuda/README.md predicts, not measured.
   */
  private static final double WITHOUT_KEYS = 2.7e9;

  private final TransformerSpec spec;

  AttentionMixer(TransformerSpec spec) {
    this.spec = spec;
  }

  @Override
  public String role() {
    return "attention";
  }

  @Override
  public void declare(Layout.Builder layout, String name, int length) {
    AttentionShape.declare(layout, name, spec);
  }

  @Override
  public void declareShared(Layout.Builder layout) {
    LogitBiases.declare(layout, spec.logitBias());
  }

  private AttentionShape shape(Site site) {
    return AttentionShape.of(spec, site.batch(), site.length());
  }

  @Override
  public Branch every(Site site) {
    AttentionShape shape = shape(site);
    return new SelfAttention(site, shape, projection(site, shape), biases(site, 0));
  }

  private static Projection projection(Site site, AttentionShape shape) {
    return site.source()
        .filter(source -> folds(site, source.saved(shape)))
        .map(source -> source.projection(site.memory(), site.name(), shape))
        .orElseGet(() -> new StreamProjection(site.memory(), site.name()));
  }

  private LogitBiases biases(Site site, int firstQuery) {
    LogitBiases.Place place =
        new LogitBiases.Place(
            site.layer(), spec.shared().layers(), spec.heads(), site.length(), firstQuery);
    return new LogitBiases(site.memory(), spec.logitBias(), place, site.options().guidance());
  }

  /** Whether the block looks through the embedding, which saves so many operations. */
  private static boolean folds(Site site, double saved) {
    boolean cheaper = site.options().fold() == Fold.CHEAPEST && pays(site, saved, TEN_LAUNCHES);
    return cheaper || site.options().fold() == Fold.ALWAYS;
  }

  /**
   * Whether so many operations less are worth some smaller operations more. A replica decides for
   * itself: a run must have the same bits alone and in a cohort.
   */
  private static boolean pays(Site site, double saved, double priceOnGpu) {
    boolean gpu = site.memory().backend().name().equals("cuda");
    return saved > (gpu ? priceOnGpu : 0);
  }

  /**
   * Attention of the last token alone. What is to be looked at or biased keeps its keys; so do
   * rotary positions, which turn every key by another angle.
   */
  @Override
  public Optional<Branch> last(Site site) {
    AttentionShape shape = shape(site);
    Shortcut shortcut = site.options().shortcut();
    LogitBiases biases = biases(site, site.length() - 1);
    boolean cheaper =
        shortcut == Shortcut.CHEAPEST
            && shape.cheaperWithoutKeys()
            && pays(site, shape.operationsOfKeys(), WITHOUT_KEYS);
    boolean keyless =
        (cheaper || shortcut == Shortcut.NO_KEYS)
            && site.options().use() != Use.INSPECTION
            && shape.rotated() == 0
            && !biases.any();
    return Optional.of(
        keyless
            ? new KeylessAttention(site.memory(), site.name(), shape)
            : new LastQueryAttention(site.memory(), site.name(), shape, biases));
  }
}
