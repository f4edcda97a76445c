package dev.emergence.dsl.bind;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What was probably meant by an unknown word. */
public final class Suggestions {
  /** Names that other programs use, and what they are called here. */
  private static final Map<String, String> FOREIGN =
      Map.ofEntries(
          Map.entry("gpu", "cuda"),
          Map.entry("lr", "learning_rate"),
          Map.entry("eta", "learning_rate"),
          Map.entry("step_size", "learning_rate"),
          Map.entry("n_heads", "heads"),
          Map.entry("num_heads", "heads"),
          Map.entry("n_head", "heads"),
          Map.entry("num_attention_heads", "heads"),
          Map.entry("n_layers", "layers"),
          Map.entry("n_layer", "layers"),
          Map.entry("num_layers", "layers"),
          Map.entry("num_hidden_layers", "layers"),
          Map.entry("depth", "layers"),
          Map.entry("d_model", "embedding_dim"),
          Map.entry("n_embd", "embedding_dim"),
          Map.entry("hidden_size", "embedding_dim"),
          Map.entry("width", "embedding_dim"),
          Map.entry("d_head", "head_dim"),
          Map.entry("head_size", "head_dim"),
          Map.entry("seq_len", "sequence_length"),
          Map.entry("input_seq_len", "sequence_length"),
          Map.entry("max_seq_len", "sequence_length"),
          Map.entry("context_length", "sequence_length"),
          Map.entry("T", "sequence_length"),
          Map.entry("d", "dim"),
          Map.entry("input_dim", "dim"),
          Map.entry("n_tokens", "tokens"),
          Map.entry("vocab_size", "tokens"),
          Map.entry("n_pairs", "pairs"),
          Map.entry("num_kv_pairs", "pairs"),
          Map.entry("bs", "batch_size"),
          Map.entry("train_batch_size", "batch_size"),
          Map.entry("epsilon", "eps"),
          Map.entry("wd", "weight_decay"),
          Map.entry("num_steps", "max_steps"),
          Map.entry("steps", "max_steps"),
          Map.entry("max_iters", "max_steps"),
          Map.entry("eval_every", "evaluate_every"),
          Map.entry("eval_interval", "evaluate_every"),
          Map.entry("log_every", "evaluate_every"),
          Map.entry("n_seeds", "count"),
          Map.entry("seed", "seeds"),
          Map.entry("opt", "optimizer"),
          Map.entry("optim", "optimizer"),
          Map.entry("model", "architecture"),
          Map.entry("data", "task"),
          Map.entry("dataset", "task"),
          Map.entry("defaults", "extends"),
          Map.entry("include", "extends"),
          Map.entry("grad_clip", "gradient_clip"),
          Map.entry("clip_grad_norm", "gradient_clip"),
          Map.entry("warmup", "warmup_steps"),
          Map.entry("dtype", "precision"),
          Map.entry("type", "kind"),
          Map.entry("_target_", "kind"),
          Map.entry("class", "kind"),
          Map.entry("parameters", "grid"),
          Map.entry("logspace", "spacing"),
          Map.entry("start", "from"),
          Map.entry("stop", "to"),
          Map.entry("min", "at_least"),
          Map.entry("max", "at_most"));

  /** Names for which a sentence is better than a word. */
  private static final Map<String, String> ADVICE =
      Map.of(
          "epochs", "data are endless; use max_steps",
          "epoch", "data are endless; use max_steps",
          "num_epochs", "data are endless; use max_steps",
          "max_epochs", "data are endless; use max_steps",
          "betas", "write beta1: 0.9, beta2: 0.999",
          "burstiness", "did you mean repetition.in_context?",
          "dropout", "there is no dropout: data are endless, nothing is overfitted");

  private Suggestions() {}

  /**
   * A sentence with the likeliest of {@code known}, or with advice; empty when nothing comes near.
   */
  public static String meant(String wrong, Collection<String> known) {
    String advice = ADVICE.get(wrong);
    if (advice != null) {
      return advice;
    }
    return nearest(wrong, known).map(word -> "did you mean '" + word + "'?").orElse("");
  }

  /** {@link #meant} followed by all of {@code known}. */
  public static String meantOrKnown(String wrong, Collection<String> known) {
    String meant = meant(wrong, known);
    String list = known.isEmpty() ? "" : "known: " + String.join(" ", new TreeSet<>(known));
    return meant.isEmpty() || list.isEmpty() ? meant + list : meant + "   " + list;
  }

  /** What another program's name for something is called here. */
  static Optional<String> foreign(String word) {
    return Optional.ofNullable(FOREIGN.get(word));
  }

  /**
   * The likeliest of {@code known}: another program's name for it, then a small misspelling, a
   * beginning, a last word. None of a name for which there is advice.
   */
  public static Optional<String> nearest(String wrong, Collection<String> known) {
    if (wrong.length() > 100 || ADVICE.containsKey(wrong)) {
      return Optional.empty();
    }
    String low = wrong.toLowerCase(Locale.ROOT);
    String foreign = FOREIGN.get(low);
    if (foreign != null && known.contains(foreign)) {
      return Optional.of(foreign);
    }
    record Scored(String word, int distance) {}
    Optional<Scored> near =
        known.stream()
            .map(word -> new Scored(word, distance(low, word.toLowerCase(Locale.ROOT))))
            .filter(s -> s.distance <= Math.max(2, wrong.length() / 3))
            .filter(
                s -> s.distance == 0 || 2 * s.distance <= Math.min(low.length(), s.word.length()))
            .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::word));
    if (near.isPresent()) {
      return near.map(Scored::word);
    }
    List<String> begin =
        known.stream()
            .filter(
                word ->
                    low.length() >= 3
                        && (word.startsWith(low) || low.startsWith(word) && word.length() >= 3))
            .sorted()
            .toList();
    return begin.isEmpty() ? lastWord(low, known) : begin.stream().findFirst();
  }

  /** {@code rule_width} for {@code width}, where it is the one that ends so. */
  private static Optional<String> lastWord(String low, Collection<String> known) {
    List<String> ends = known.stream().filter(word -> word.endsWith("_" + low)).distinct().toList();
    return ends.size() == 1 ? Optional.of(ends.get(0)) : Optional.empty();
  }

  /**
   * Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, replacements,
   * and swaps of neighbours.
   */
  public static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
