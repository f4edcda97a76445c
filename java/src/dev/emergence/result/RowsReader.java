package dev.emergence.result;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the rows of an unfinished run while a worker appends to them. Only whole lines are read:
 * what is torn at the end is read once it is whole. A line that is no row, or goes back in steps,
 * is passed over.
 *
 * <p>Not thread-safe.
 */
public final class RowsReader {
  private static final int MOST_AT_ONCE = 16 << 20;

  private final Path file;
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private final Set<String> columns = new LinkedHashSet<>();
  private long read;
  private Object key = "";
  private double last = -1;

  RowsReader(Path file) {
    this.file = file;
  }

  /**
   * The rows so far; empty when there is no readable file. A file that was cut back or replaced is
   * read anew.
   */
  public Optional<Curve> read() {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      var attributes =
          Files.readAttributes(
              file, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Object now = String.valueOf(attributes.fileKey());
      if (attributes.size() < read || !now.equals(key)) {
        forget(now);
      }
      if (attributes.size() > read) {
        append(attributes.size());
      }
      return Optional.of(CurveFile.curve(List.copyOf(columns), rows));
    } catch (IOException | Damaged e) {
      return Optional.empty();
    }
  }

  private void forget(Object now) {
    rows.clear();
    columns.clear();
    read = 0;
    last = -1;
    key = now;
  }

  private void append(long size) throws IOException {
    byte[] bytes = new byte[(int) Math.min(size - read, MOST_AT_ONCE)];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(read);
      in.readFully(bytes);
    }
    int whole = bytes.length;
    while (whole > 0 && bytes[whole - 1] != '\n') {
      whole--;
    }
    read += whole;
    for (String line : new String(bytes, 0, whole, StandardCharsets.UTF_8).split("\n")) {
      add(line);
    }
  }

  private void add(String line) {
    try {
      Map<String, Object> row = Json.read(line, "rows.jsonl");
      double step = row.get(CurveFile.STEP) instanceof Number n ? n.doubleValue() : -1;
      if (step > last) {
        CurveFile.curve(
            List.copyOf(row.keySet()).stream().filter(c -> !c.equals(CurveFile.STEP)).toList(),
            List.of(row));
        last = step;
        rows.add(row);
        columns.addAll(row.keySet());
        columns.remove(CurveFile.STEP);
      }
    } catch (Damaged e) {
      return;
    }
  }
}
