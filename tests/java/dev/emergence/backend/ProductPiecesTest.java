package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Products by the tile unit on processors without one: tests/native/product_pieces.cpp, in which
 * loops stand for the unit's instructions.
 */
class ProductPiecesTest {
  @Test
  void products_of_pieces_agree_with_double_precision(@TempDir Path folder) throws Exception {
    String program = folder.resolve("product_pieces").toString();
    List<String> compile =
        List.of(
            "c++",
            "-std=c++17",
            "-O2",
            "-DEM_ISA=pieces",
            "-Inative",
            "-Inative/include",
            "-Wno-psabi",
            "tests/native/product_pieces.cpp",
            "native/cpu/amx/pieces.cpp",
            "native/cpu/amx/product.cpp",
            "-o",
            program);
    assertThat(run(compile)).as("what the compiler says").isEmpty();
    assertThat(run(List.of(program))).isEqualTo("0 failures\n");
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
