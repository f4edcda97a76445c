package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * How often workers died over an unfinished run without coming further, in a file beside its
 * checkpoint.
 */
final class Deaths {
  private static final String NAME = "deaths.json";
  private final Path file;
  private final Disk disk;

  Deaths(Path partial, Disk disk) {
    this.file = partial.resolve(NAME);
    this.disk = disk;
  }

  int count() {
    return number("deaths");
  }

  void add(long step, String writer) throws IOException {
    int before = number("step") >= step ? count() : 0;
    Path fresh = file.resolveSibling(NAME + "." + writer);
    disk.write(fresh, RunFiles.text(Json.pretty(Map.of("deaths", before + 1, "step", step))));
    disk.move(fresh, file);
  }

  void forget() throws IOException {
    disk.delete(file);
  }

  private int number(String key) {
    try {
      return Json.read(file).get(key) instanceof Number n ? n.intValue() : 0;
    } catch (Damaged e) {
      return 0;
    }
  }
}
