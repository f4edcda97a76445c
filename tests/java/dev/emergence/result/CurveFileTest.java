package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveFileTest {
  private static Curve roundTrip(Curve curve) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CurveFile.content(curve).to(out);
    return CurveFile.read(out.toByteArray());
  }

  @Test
  void numbers_read_back_as_the_same_bits_and_gaps_as_nan() throws Exception {
    double[][] values = {
      {0.1, Double.NaN, -0.0},
      {1.0 / 3, Double.POSITIVE_INFINITY, 5e-324},
      {Double.NaN, Double.NEGATIVE_INFINITY, 1e300}
    };
    Curve read =
        roundTrip(new Curve(List.of("a", "b", "c"), new double[] {0, 10, 5319.0000012}, values));
    assertThat(read.steps()).containsExactly(0, 10, 5319.0000012);
    for (int row = 0; row < values.length; row++) {
      for (int column = 0; column < 3; column++) {
        double found = read.column("abc".substring(column, column + 1))[row];
        assertThat(Double.doubleToLongBits(found))
            .as("row %d column %d", row, column)
            .isEqualTo(Double.doubleToLongBits(values[row][column]));
      }
    }
  }

  @Test
  void a_row_is_one_json_object_with_its_step_first() {
    assertThat(CurveFile.line(List.of("x", "y"), 50, new double[] {Double.NaN, 0.5}))
        .isEqualTo("{\"step\":50,\"y\":0.5}\n");
  }

  @Test
  void an_empty_file_is_an_empty_curve() throws Exception {
    assertThat(CurveFile.read(new byte[0]).size()).isZero();
  }

  @Test
  void damage_is_told_with_its_line() {
    assertThatThrownBy(() -> read("{\"step\":0}\n{\"step\":\n"))
        .isInstanceOf(Damaged.class)
        .hasMessageStartingWith("curve.jsonl:2 is not a whole JSON object: it is cut off");
    assertThatThrownBy(() -> read("{\"step\":5}\n{\"step\":5}\n"))
        .hasMessage("curve.jsonl:2 has step 5.0, expected one that grows from 0");
    assertThatThrownBy(() -> read("{\"x\":5}\n"))
        .hasMessage("curve.jsonl:1 has step NaN, expected one that grows from 0");
    assertThatThrownBy(() -> read("{\"step\":0,\"x\":\"five\"}\n"))
        .hasMessage("curve.jsonl:1 has five where a number is expected");
  }

  private static Curve read(String text) throws Damaged {
    return CurveFile.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
