package dev.emergence.page;

import dev.emergence.measure.Moments;
import dev.emergence.result.Picture;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run's attention patterns for a browser; probabilities as round(255 sqrt(p)). */
public final class FilmData {
  private static final String FILM = "film";

  /** Marks of the last query's keys, in films of older versions. */
  private static final String RELEVANT = "film-relevant";

  private static final String ROW = "film-row";

  private FilmData() {}

  /**
   * A run's patterns. One that was kept at the crossing of a threshold has the threshold's name
   * only where that is still its crossing: files may have had another level when the run was
   * trained.
   *
   * @return as in {@link #of(String, List)}
   */
  public static Map<String, Object> of(RunView run, List<Picture> pictures) {
    return of(run.key(), pictures.stream().map(p -> named(run, p)).toList());
  }

  private static Picture named(RunView run, Picture p) {
    boolean crossing = !p.isTruth() && !p.label().startsWith(FILM) && !isMoment(p.label());
    return crossing && !crosses(run, p)
        ? new Picture(FILM, p.step(), p.layer(), p.head(), p.probabilities())
        : p;
  }

  /** A step, or the end: what no level changes. */
  private static boolean isMoment(String label) {
    return label.equals("last") || label.matches("\\d+");
  }

  /** By the level of one of the conditions that share the run. */
  private static boolean crosses(RunView run, Picture p) {
    return run.run().demands().stream()
        .flatMap(demand -> Optional.ofNullable(demand.thresholds().get(p.label())).stream())
        .map(level -> Moments.confirmed(run.curve(), level))
        .anyMatch(step -> step.isPresent() && step.getAsLong() == p.step());
  }

  private static List<Picture> sorted(List<Picture> pictures) {
    return pictures.stream()
        .filter(p -> !p.label().equals(RELEVANT) && !p.label().equals(ROW) && !p.isTruth())
        .sorted(
            Comparator.comparingLong(Picture::step)
                .thenComparing(Picture::label)
                .thenComparingInt(Picture::layer)
                .thenComparingInt(Picture::head))
        .toList();
  }

  /**
   * {@code {run, relevant: [0 | 1], truth: [query, key, query, key, ...], query, tokens, pictures:
   * [[step, label, layer, head, queries, keys, mass, entropy]], data}}. The data hold each
   * picture's rows one after the other; patterns that were too large are pooled by maximum. Mass is
   * what the last query puts on the relevant keys, null where they are not known; entropy, in nats,
   * is that of the query named, of so many tokens.
   */
  public static Map<String, Object> of(String run, List<Picture> pictures) {
    double[] relevant = relevant(pictures);
    int tokens = tokens(pictures);
    int query = query(pictures, tokens);
    Map<List<Object>, double[]> whole = new HashMap<>();
    pictures.stream()
        .filter(p -> p.label().equals(ROW))
        .forEach(p -> whole.put(List.of(p.step(), p.layer(), p.head()), p.probabilities()[0]));
    List<Object> heads = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Picture p : sorted(pictures)) {
      double[][] rows = p.probabilities();
      int keys = rows.length == 0 ? 0 : rows[0].length;
      double[] drawn =
          rows.length == 0
              ? new double[0]
              : rows[(int) ((long) query * rows.length / Math.max(1, tokens))];
      double[] row = whole.getOrDefault(List.of(p.step(), p.layer(), p.head()), drawn);
      List<Object> head = new ArrayList<>();
      head.addAll(List.of(p.step(), p.label().equals(FILM) ? "" : p.label()));
      head.addAll(List.of(p.layer(), p.head(), rows.length, keys));
      head.add(mass(row, relevant));
      head.add(entropy(row));
      heads.add(head);
      for (double[] each : rows) {
        for (double x : each) {
          bytes.write((int) Math.round(255 * Math.sqrt(Math.max(0, Math.min(1, x)))));
        }
      }
    }
    List<Object> marks = new ArrayList<>();
    Arrays.stream(relevant).forEach(x -> marks.add((int) x));
    List<Object> truth = new ArrayList<>();
    for (double[] pair : pairs(pictures)) {
      truth.addAll(List.of((int) pair[0], (int) pair[1]));
    }
    Object data = Columns.u8(bytes.toByteArray());
    return Trees.of(
        "run",
        run,
        "relevant",
        marks,
        "truth",
        truth,
        "query",
        query,
        "tokens",
        tokens,
        "pictures",
        heads,
        "data",
        data);
  }

  private static int tokens(List<Picture> pictures) {
    return pictures.stream()
        .filter(p -> !p.isTruth())
        .mapToInt(p -> p.probabilities().length == 0 ? 0 : p.probabilities()[0].length)
        .max()
        .orElse(0);
  }

  /**
   * The query whose attention is told in numbers: the last one, but where the task knows keys of
   * others alone, the last of those, because nothing may be predicted from the last token. Of
   * patterns that are pooled or have one row, no other than the last is kept.
   */
  private static int query(List<Picture> pictures, int tokens) {
    boolean whole =
        pictures.stream()
            .filter(p -> !p.isTruth() && !p.label().equals(RELEVANT))
            .allMatch(p -> p.probabilities().length == tokens);
    int known = -1;
    for (double[] pair : pairs(pictures)) {
      known = Math.max(known, (int) pair[0]);
    }
    return whole && known >= 0 && known < tokens ? known : Math.max(0, tokens - 1);
  }

  /** Pairs of a query and its key, where the task knows them. */
  private static double[][] pairs(List<Picture> pictures) {
    return pictures.stream()
        .filter(Picture::isTruth)
        .findFirst()
        .map(Picture::probabilities)
        .orElse(new double[0][]);
  }

  /** 1 on the keys that the last query should attend to; empty where they are not known. */
  static double[] relevant(List<Picture> pictures) {
    double[][] pairs = pairs(pictures);
    if (pairs.length == 0) {
      return pictures.stream()
          .filter(p -> p.label().equals(RELEVANT))
          .findFirst()
          .map(p -> p.probabilities()[0])
          .orElse(new double[0]);
    }
    int keys = tokens(pictures);
    double[] marks = new double[keys];
    for (double[] pair : pairs) {
      if (pair[0] == keys - 1 && pair[1] < keys) {
        marks[(int) pair[1]] = 1;
      }
    }
    return Arrays.stream(marks).anyMatch(x -> x == 1) ? marks : new double[0];
  }

  private static Object mass(double[] row, double[] relevant) {
    if (row.length == 0 || row.length != relevant.length) {
      return null;
    }
    double sum = 0;
    for (int k = 0; k < row.length; k++) {
      sum += row[k] * relevant[k];
    }
    return Math.round(sum * 1e4) / 1e4;
  }

  private static Object entropy(double[] row) {
    double sum = 0;
    for (double p : row) {
      sum -= p > 0 ? p * Math.log(p) : 0;
    }
    return Math.round(sum * 1e4) / 1e4;
  }
}
