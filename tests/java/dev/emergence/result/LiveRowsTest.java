package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of unfinished runs, written by one process and read by another at any moment. */
class LiveRowsTest {
  private static final List<String> COLUMNS = List.of("test.loss", "train.loss");

  @TempDir Path temp;

  private RunFolder folder() throws Exception {
    RunFolder folder = ResultsFolder.open(temp, new QuickDisk()).run(Runs.RUN.id());
    folder.begin();
    return folder;
  }

  private static LiveRows written(RunFolder folder, int rows) {
    LiveRows live = folder.liveRows();
    live.restart(new Curve(List.of(), new double[0], new double[0][]));
    for (int row = 0; row < rows; row++) {
      live.add(COLUMNS, 10 * row, new double[] {0.5 / (row + 1), row == 0 ? Double.NaN : row});
    }
    live.write(List.of());
    return live;
  }

  @Test
  void rows_are_read_back_as_they_were_measured() throws Exception {
    RunFolder folder = folder();
    written(folder, 3);
    Curve curve = folder.follow().read().orElseThrow();
    assertThat(curve.columns()).containsExactlyElementsOf(COLUMNS);
    assertThat(curve.steps()).containsExactly(0, 10, 20);
    assertThat(curve.column("test.loss")).containsExactly(0.5, 0.25, 0.5 / 3);
    assertThat(curve.column("train.loss")).containsExactly(Double.NaN, 1, 2);
  }

  @Test
  void a_file_that_ends_anywhere_gives_its_whole_lines_and_later_the_rest() throws Exception {
    RunFolder folder = folder();
    written(folder, 6);
    Path file = folder.partial().resolve(LiveRows.FILE);
    byte[] whole = Files.readAllBytes(file);
    String text = new String(whole, StandardCharsets.UTF_8);
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      RunProgress reader = folder.follow();
      int lines = (int) text.substring(0, length).chars().filter(c -> c == '\n').count();
      assertThat(reader.read().orElseThrow().size()).as("%d bytes", length).isEqualTo(lines);
      Files.write(
          file,
          java.util.Arrays.copyOfRange(whole, length, whole.length),
          StandardOpenOption.APPEND);
      assertThat(reader.read().orElseThrow().size()).as("after %d bytes", length).isEqualTo(6);
    }
  }

  @Test
  void lines_that_are_no_rows_and_rows_of_a_second_worker_are_passed_over() throws Exception {
    RunFolder folder = folder();
    written(folder, 3);
    Files.writeString(
        folder.partial().resolve(LiveRows.FILE),
        "{\"step\":1\n\u0000\n{\"step\":10,\"test.loss\":7}\n{\"step\":30,\"test.loss\":0.1}\n",
        StandardOpenOption.APPEND);
    Curve curve = folder.follow().read().orElseThrow();
    assertThat(curve.steps()).containsExactly(0, 10, 20, 30);
    assertThat(curve.column("test.loss")).containsExactly(0.5, 0.25, 0.5 / 3, 0.1);
  }

  @Test
  void a_run_that_goes_on_from_a_checkpoint_cuts_its_rows_back() throws Exception {
    RunFolder folder = folder();
    written(folder, 5);
    RunProgress reader = folder.follow();
    assertThat(reader.read().orElseThrow().size()).isEqualTo(5);
    folder.liveRows().restart(reader.read().orElseThrow().first(2));
    assertThat(reader.read().orElseThrow().steps()).containsExactly(0, 10);
  }

  @Test
  void a_disk_that_is_full_ends_the_writing_and_not_the_run() throws Exception {
    RunFolder folder = folder();
    LiveRows live = written(folder, 2);
    Path file = folder.partial().resolve(LiveRows.FILE);
    Files.delete(file);
    Files.createDirectory(file);
    live.add(COLUMNS, 20, new double[] {0.1, 3});
    live.write(List.of());
    Files.delete(file);
    live.add(COLUMNS, 30, new double[] {0.1, 3});
    live.write(List.of());
    assertThat(file).as("nothing may follow a line that may be torn").doesNotExist();
  }

  @Test
  void pictures_so_far_are_there_at_once_and_a_damaged_file_of_them_is_none() throws Exception {
    RunFolder folder = folder();
    LiveRows live = folder.liveRows();
    live.picturesTaken();
    live.write(List.of(new Picture("film", 40, 2, 3, Runs.PATTERN)));
    assertThat(folder.picturesSoFar())
        .singleElement()
        .satisfies(p -> assertThat(p.probabilities()).isDeepEqualTo(Runs.PATTERN));
    Files.write(folder.partial().resolve(RunFiles.ATTENTION), new byte[] {1, 2, 3});
    assertThat(folder.picturesSoFar()).isEmpty();
  }
}
