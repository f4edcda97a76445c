package dev.emergence.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Standard output that remembers what went wrong with it. Writers of text swallow errors, and a
 * list that a full disk has cut short would look whole.
 */
final class Output extends OutputStream {
  private final OutputStream to;
  private Optional<IOException> trouble = Optional.empty();

  Output(OutputStream to) {
    this.to = to;
  }

  static Output standard() {
    return new Output(new FileOutputStream(FileDescriptor.out));
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      to.write(bytes, from, count);
    } catch (IOException e) {
      trouble = Optional.of(trouble.orElse(e));
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    to.flush();
  }

  /** Why not all was written; empty when all was, or when the reader wanted no more. */
  Optional<String> trouble() {
    return trouble
        .map(IOException::getMessage)
        .filter(m -> m == null || !m.contains("Broken pipe"));
  }
}
