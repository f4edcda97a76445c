package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.result.Picture;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Numbers on their way to a browser. */
class PageDataTest {
  private static byte[] bytes(Map<String, Object> column) throws Exception {
    byte[] packed = Base64.getDecoder().decode((String) column.get("data"));
    return new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
  }

  @Test
  void columns_are_little_endian_and_keep_nan_and_infinities() throws Exception {
    double[] values = {0.1, Double.NaN, Double.NEGATIVE_INFINITY, 1e300};
    ByteBuffer doubles =
        ByteBuffer.wrap(bytes(Columns.f64(List.of(values)))).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      assertThat(Double.valueOf(doubles.getDouble())).isEqualTo(Double.valueOf(value));
    }
    ByteBuffer floats =
        ByteBuffer.wrap(bytes(Columns.f32(List.of(values)))).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(floats.getFloat()).isEqualTo(0.1f);
    assertThat(floats.getFloat()).isNaN();
    assertThat(floats.getFloat()).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Property(tries = 200)
  void thinning_keeps_ends_and_extremes_and_the_past(
      @ForAll @Size(min = 1, max = 400) List<@DoubleRange(min = -5, max = 5) Double> list,
      @ForAll @IntRange(min = 8, max = 100) int most) {
    double[] values = list.stream().mapToDouble(v -> v).toArray();
    int[] rows = Thinning.rows(values, most, java.util.Set.of());
    assertThat(rows).isSorted().doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(most + 8);
    assertThat(rows[0]).isZero();
    assertThat(rows[rows.length - 1]).isEqualTo(values.length - 1);
    double[] kept = Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
    assertThat(Arrays.stream(kept).max()).isEqualTo(Arrays.stream(values).max());
    assertThat(Arrays.stream(kept).min()).isEqualTo(Arrays.stream(values).min());
  }

  @Test
  void a_curve_that_grows_moves_no_earlier_point_while_its_buckets_stay() {
    double[] values = new double[1000];
    Arrays.setAll(values, row -> Math.sin(row * row));
    int[] before = Thinning.rows(Arrays.copyOf(values, 900), 100, java.util.Set.of());
    int[] after = Thinning.rows(values, 100, java.util.Set.of());
    int settled = 896; // the last whole bucket of 64 rows
    assertThat(Arrays.stream(after).filter(row -> row < settled - 64).toArray())
        .isEqualTo(Arrays.stream(before).filter(row -> row < settled - 64).toArray());
  }

  @Test
  void a_longer_curves_edges_of_buckets_are_rows_of_a_shorter_one_too() {
    double[] values = new double[3000];
    Arrays.setAll(values, row -> Math.sin(row * row));
    List<Integer> shorter =
        Arrays.stream(Thinning.rows(Arrays.copyOf(values, 1024), 100, java.util.Set.of()))
            .boxed()
            .toList();
    int width = 128; // 4 * 3000 / 128 < 100
    for (int from = 0; from < 1024; from += width) {
      assertThat(shorter).contains(from, from + width - 1);
    }
  }

  @Test
  void one_spike_in_ten_thousand_rows_is_kept() {
    double[] values = new double[10_000];
    values[4321] = 7;
    assertThat(Thinning.rows(values, 400, java.util.Set.of())).contains(4321);
  }

  @Test
  void the_row_of_a_crossing_is_always_kept() {
    double[] flat = new double[10_000];
    assertThat(Thinning.rows(flat, 400, java.util.Set.of())).doesNotContain(4321);
    assertThat(Thinning.rows(flat, 400, java.util.Set.of(4321))).contains(4321).isSorted();
  }

  @Test
  void films_say_what_the_read_out_puts_on_the_keys_that_matter() throws Exception {
    double[][] pattern = {{1, 0}, {0.25, 0.75}};
    Map<String, Object> film =
        FilmData.of(
            "run",
            List.of(
                new Picture("film-relevant", 0, 1, 1, new double[][] {{0, 1}}),
                new Picture("film", 20, 1, 1, pattern),
                new Picture("last", 20, 1, 2, pattern)));
    List<?> head = (List<?>) ((List<?>) film.get("pictures")).get(0);
    assertThat(head.subList(0, 7)).isEqualTo(List.of(20L, "", 1, 1, 2, 2, 0.75));
    assertThat(bytes(cast(film.get("data"))))
        .startsWith((byte) 255, (byte) 0, (byte) 128, (byte) 221);
  }

  @Test
  void true_keys_are_handed_on_and_mark_what_the_read_out_should_find() {
    double[][] pattern = {{1, 0, 0}, {0.5, 0.5, 0}, {0.25, 0.5, 0.25}};
    Map<String, Object> film =
        FilmData.of(
            "run",
            List.of(
                Picture.truth(new double[][] {{2, 0}, {1, 0}}),
                new Picture("film", 20, 1, 1, pattern)));
    assertThat(film.get("relevant")).isEqualTo(List.of(1, 0, 0));
    assertThat(film.get("truth")).isEqualTo(List.of(2, 0, 1, 0));
    assertThat((List<?>) film.get("pictures")).hasSize(1);
    assertThat(((List<?>) ((List<?>) film.get("pictures")).get(0)).get(6)).isEqualTo(0.25);
  }

  @Test
  void where_only_earlier_queries_have_known_keys_the_numbers_are_of_the_last_of_them() {
    double[][] pattern = {{1, 0, 0}, {0.5, 0.5, 0}, {0, 0, 1}};
    Picture truth = Picture.truth(new double[][] {{1, 0}});
    Map<String, Object> film =
        FilmData.of("run", List.of(truth, new Picture("film", 20, 1, 1, pattern)));
    assertThat(film).containsEntry("query", 1).containsEntry("tokens", 3);
    List<?> head = (List<?>) ((List<?>) film.get("pictures")).get(0);
    assertThat(head.get(6)).as("mass").isNull();
    assertThat(head.get(7)).as("entropy").isEqualTo(0.6931);
    Map<String, Object> lastRow =
        FilmData.of(
            "run", List.of(truth, new Picture("film", 20, 1, 1, new double[][] {pattern[2]})));
    assertThat(lastRow).containsEntry("query", 2);
  }

  @Test
  void a_pooled_pattern_has_the_mass_of_its_whole_row() {
    double[] row = new double[200];
    row[150] = 0.6;
    double[] relevant = new double[200];
    relevant[150] = 1;
    Map<String, Object> film =
        FilmData.of(
            "run",
            List.of(
                new Picture("film-relevant", 0, 1, 1, new double[][] {relevant}),
                new Picture("film", 0, 1, 1, new double[][] {new double[64]}),
                new Picture("film-row", 0, 1, 1, new double[][] {row})));
    assertThat((List<?>) film.get("pictures")).hasSize(1);
    assertThat(((List<?>) ((List<?>) film.get("pictures")).get(0)).get(6)).isEqualTo(0.6);
  }

  @Test
  void json_in_a_page_ends_no_script_and_opens_no_comment() {
    String json = Document.inScript("\"</script><!--<script>&\u2028\"");
    assertThat(json).doesNotContain("<", ">", "&", "\u2028").contains("\\u003c/script");
    assertThat(new Document("a<b>\"").html(false)).contains("<title>a&lt;b&gt;&quot;</title>");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Object map) {
    return (Map<String, Object>) map;
  }
}
