package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  @TempDir Path temp;

  /** Linux has a device that is always full. */
  @Test
  void a_full_disk_is_told_with_the_file_that_did_not_fit() {
    Path full = Path.of("/dev/full");
    byte[] bytes = {3, 5};
    assertThatThrownBy(() -> Disk.local().write(full, Disk.Content.of(bytes)))
        .isInstanceOfSatisfying(IOException.class, FullDiskTest::saysWhere);
    assertThatThrownBy(() -> Disk.local().append(full, bytes))
        .isInstanceOfSatisfying(IOException.class, FullDiskTest::saysWhere);
  }

  private static void saysWhere(IOException e) {
    assertThat(FileTrouble.text(e)).startsWith("/dev/full: No space left on device; free some");
  }

  @Test
  void a_list_of_derived_files_that_did_not_fit_leaves_nothing_behind() {
    Disk full =
        new QuickDisk() {
          @Override
          public void write(Path file, Content content) throws IOException {
            super.write(file, Content.of(new byte[] {7}));
            throw new IOException("No space left on device");
          }
        };
    assertThatThrownBy(
            () -> new Derived(temp, full, new Quarantine(temp, full)).removeStale("plots/"))
        .hasMessage("No space left on device");
    assertThat(temp).isEmptyDirectory();
  }
}
