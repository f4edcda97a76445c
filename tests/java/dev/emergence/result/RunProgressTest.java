package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.tensor.ShapedArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of an unfinished run whose worker wrote none apart from its checkpoint. */
class RunProgressTest {
  @TempDir Path root;

  private static Safetensors checkpoint(int rows) {
    Map<String, String> metadata = new LinkedHashMap<>(Map.of("run", "x", "step", "7"));
    Map<String, ShapedArray> tensors = new LinkedHashMap<>();
    tensors.put("state/w", new ShapedArray(new int[] {1000}, new float[1000]));
    double[] steps = new double[rows];
    double[][] values = new double[rows][];
    for (int row = 0; row < rows; row++) {
      steps[row] = 10 * row;
      values[row] = new double[] {1.0 / (1 + row), Double.NaN};
    }
    StoredCurve.put(new Curve(List.of("test.loss", "b"), steps, values), metadata, tensors);
    return new Safetensors(metadata, tensors);
  }

  @Test
  void they_are_read_out_of_the_checkpoint_and_again_when_there_is_a_new_one() throws Exception {
    RunFolder folder = ResultsFolder.open(root, Disk.local()).run("0123456789abcdef");
    folder.begin();
    RunProgress progress = folder.follow();
    assertThat(progress.read()).isEmpty();
    assertThat(progress.written()).isZero();
    folder.saveProgress(checkpoint(3));
    Curve curve = progress.read().orElseThrow();
    assertThat(curve.columns()).containsExactly("test.loss", "b");
    assertThat(curve.steps()).containsExactly(0, 10, 20);
    assertThat(curve.column("test.loss")).containsExactly(1, 0.5, 1.0 / 3);
    assertThat(curve.column("b")).containsOnly(Double.NaN);
    folder.saveProgress(checkpoint(5));
    assertThat(progress.read().orElseThrow().size()).isEqualTo(5);
    assertThat(progress.written()).isPositive();
  }

  @Test
  void rows_that_a_worker_appends_come_first_and_a_damaged_checkpoint_gives_none()
      throws Exception {
    RunFolder folder = ResultsFolder.open(root, Disk.local()).run("0123456789abcdef");
    folder.begin();
    folder.saveProgress(checkpoint(3));
    LiveRows live = folder.liveRows();
    live.add(List.of("test.loss"), 70, new double[] {0.25});
    live.write(List.of());
    assertThat(folder.follow().read().orElseThrow().steps()).containsExactly(70);
    Files.delete(folder.partial().resolve("rows.jsonl"));
    Path file = folder.partial().resolve("checkpoint.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 5, 20, 300, bytes.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertThat(folder.follow().read()).as("%d bytes", length).isEmpty();
    }
  }
}
