package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.tensor.ShapedArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir Path folder;

  private static final double[] FLOATS = {1.5, -0.25f, 3e10f, Float.MIN_VALUE, Double.NaN, 0.1f};
  private static final double[] DOUBLES = {0.1, 1e300};

  private Path written() throws IOException {
    Map<String, ShapedArray> tensors = new LinkedHashMap<>();
    tensors.put("z", ShapedArray.lossless(new int[] {2, 3}, FLOATS));
    tensors.put("a", ShapedArray.lossless(new int[] {2}, DOUBLES));
    tensors.put("scalar", ShapedArray.lossless(new int[0], new double[] {7}));
    Path file = folder.resolve("x.safetensors");
    Disk.local().write(file, new Safetensors(Map.of("step", "12"), tensors).content());
    return file;
  }

  @Test
  void numbers_shapes_order_and_texts_read_back() throws Exception {
    Safetensors read = Safetensors.read(written());
    assertThat(read.metadata()).containsExactly(Map.entry("step", "12"));
    assertThat(read.tensors().keySet()).containsExactly("z", "a", "scalar");
    assertThat(read.tensors().get("z").values()).containsExactly(FLOATS);
    assertThat(read.tensors().get("z").shape()).containsExactly(2, 3);
    assertThat(read.tensors().get("a").values()).containsExactly(DOUBLES);
    assertThat(read.tensors().get("scalar").shape()).isEmpty();
  }

  @Test
  void floats_are_stored_as_such_and_other_doubles_in_full() throws Exception {
    Safetensors read = Safetensors.read(written());
    assertThat(read.tensors().get("z").floats()).isPresent();
    assertThat(read.tensors().get("a").floats()).isEmpty();
  }

  @Test
  void the_layout_is_the_published_format() throws Exception {
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(written())).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong());
    assertThat(header % 8).isZero();
    Map<String, Object> json =
        Json.read(new String(bytes.array(), 8, header, StandardCharsets.UTF_8), "header");
    assertThat(json.get("z").toString())
        .contains("dtype=F32")
        .contains("shape=[2, 3]")
        .contains("data_offsets=[0, 24]");
    assertThat(bytes.getFloat(8 + header)).isEqualTo(1.5f);
    assertThat(bytes.getDouble(8 + header + 24)).isEqualTo(0.1);
    assertThat(bytes.capacity()).isEqualTo(8 + header + 24 + 16 + 4);
  }

  @Test
  void a_change_of_any_byte_is_noticed() throws Exception {
    Path file = written();
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      Files.write(file, bad);
      assertThatThrownBy(() -> Safetensors.read(file))
          .as("byte %d of %d", at, good.length)
          .isInstanceOf(Damaged.class);
    }
  }

  @Test
  void a_cut_at_any_byte_is_noticed() throws Exception {
    Path file = written();
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> Safetensors.read(file))
          .as("%d of %d bytes", length, good.length)
          .isInstanceOf(Damaged.class);
    }
  }

  @Test
  void a_header_that_claims_a_gigabyte_is_refused_without_reading_it() throws Exception {
    Path file = folder.resolve("claim.safetensors");
    Files.write(
        file, ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 30).array());
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessage("claim.safetensors claims a header of 1073741824 bytes in a file of 64");
  }

  @Test
  void a_header_that_describes_more_numbers_than_the_file_has_is_refused() throws Exception {
    String header =
        "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[1000000000],\"data_offsets\":[0,4000000000]}}";
    assertThatThrownBy(() -> Safetensors.read(foreign(header)))
        .hasMessageContaining("has 'w' outside its place");
    String overlap =
        "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
    assertThatThrownBy(() -> Safetensors.read(foreign(overlap)))
        .hasMessageContaining("has 'w' outside its place");
    String product =
        "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,4],\"data_offsets\":[0,4]}}";
    assertThatThrownBy(() -> Safetensors.read(foreign(product)))
        .hasMessageContaining("with more values than fit");
    String type =
        "{\"__metadata__\":{},\"w\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[0,4]}}";
    assertThatThrownBy(() -> Safetensors.read(foreign(type)))
        .hasMessageContaining("has 'w' of type I8, expected F32 or F64");
  }

  @Test
  void a_folder_in_a_files_place_is_damage() throws Exception {
    Path place = Files.createDirectory(folder.resolve("place"));
    assertThatThrownBy(() -> Safetensors.read(place))
        .hasMessage("place is missing or no plain file");
  }

  private Path foreign(String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    return Files.write(folder.resolve("foreign.safetensors"), bytes.array());
  }
}
