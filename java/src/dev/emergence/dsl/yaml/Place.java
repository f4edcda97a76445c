package dev.emergence.dsl.yaml;

/**
 * Where something stands.
 *
 * @param line from 1; 0 means the file as a whole
 * @param column from 1, in code points
 * @param length of the marked text, in code points; at least 1
 * @param layer what a value that stands here counts as
 */
public record Place(Source source, int line, int column, int length, Layer layer) {
  /** A place whose layer is its source's. */
  static Place of(Source source, int line, int column, int length) {
    return new Place(source, line, column, Math.max(1, length), source.layer());
  }

  /** The source as a whole. */
  public static Place whole(Source source) {
    return of(source, 0, 0, 1);
  }

  /** The same place, counted as another layer. */
  public Place in(Layer other) {
    return new Place(source, line, column, length, other);
  }

  /** {@code fig3.yaml:14:7}. */
  @Override
  public String toString() {
    return line == 0 ? source.name() : source.name() + ":" + line + ":" + column;
  }
}
