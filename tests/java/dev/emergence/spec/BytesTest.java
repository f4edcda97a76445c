package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {
  @ParameterizedTest
  @CsvSource({"1023, 1023 B", "1024, 1.0 KiB", "1048570, 1.0 MiB", "1258291, 1.2 MiB"})
  void a_size_never_has_1024_of_its_unit(double bytes, String written) {
    assertThat(Bytes.text(bytes)).isEqualTo(written);
  }
}
