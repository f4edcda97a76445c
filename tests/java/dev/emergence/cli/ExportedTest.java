package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.result.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportedTest {
  @TempDir Path folder;

  private static Disk.Content text(String text) {
    return Disk.Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void the_list_of_files_is_written_once_however_many_there_are() throws IOException {
    try (Exported target = new Exported(folder, false)) {
      long before = 0;
      for (int i = 0; i < 50; i++) {
        target.write("run" + i + ".txt", text("x"));
        // A name each time, and not all names so far.
        long now = bookkeeping();
        assertThat(now - before).as("file %d", i).isLessThan(20);
        before = now;
      }
      assertThat(folder.resolve(".emergence-export.json")).doesNotExist();
    }
    assertThat(folder.resolve(".emergence-export.json")).content().contains("\"run49.txt\"");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(50 + 1);
    }
  }

  /** A name that was cut short must not run into the next one. */
  @Test
  void a_list_that_was_cut_short_within_a_name_is_gone_on_with() throws IOException {
    Path added = folder.resolve(".emergence-export.added");
    Files.writeString(added, "\na.txt\nb.t");
    Files.writeString(folder.resolve("a.txt"), "1");
    new Exported(folder, false).write("b.txt", text("2"));
    try (Exported next = new Exported(folder, false)) {
      next.write("a.txt", text("3"));
      next.write("b.txt", text("4"));
    }
    assertThat(folder.resolve("b.txt")).hasContent("4");
    assertThat(folder.resolve(".emergence-export.json"))
        .content()
        .contains("\"a.txt\"", "\"b.txt\"")
        .doesNotContain("\"\"");
  }

  @Test
  void in_a_folder_that_is_ours_as_a_whole_files_are_replaced_whoever_wrote_them()
      throws IOException {
    Files.writeString(folder.resolve("a.txt"), "of an earlier version");
    try (Exported target = new Exported(folder, true)) {
      target.write("a.txt", text("1"));
    }
    assertThat(folder.resolve("a.txt")).hasContent("1");
  }

  private long bookkeeping() throws IOException {
    long bytes = 0;
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(".")).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  @Test
  void files_of_an_export_that_was_cut_short_are_replaced_by_the_next_one() throws IOException {
    try (Exported whole = new Exported(folder, false)) {
      whole.write("a.txt", text("1"));
    }
    new Exported(folder, false).write("b.txt", text("2"));
    Files.writeString(folder.resolve("c.txt"), "of another program");
    try (Exported next = new Exported(folder, false)) {
      next.write("a.txt", text("3"));
      next.write("b.txt", text("4"));
      assertThatThrownBy(() -> next.write("c.txt", text("5"))).isInstanceOf(Refusal.class);
    }
    assertThat(folder.resolve("a.txt")).hasContent("3");
    assertThat(folder.resolve("b.txt")).hasContent("4");
    assertThat(folder.resolve("c.txt")).hasContent("of another program");
  }
}
