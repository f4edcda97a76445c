package dev.emergence.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each named parameter lies in the flat row of a replica. Parts follow each other without
 * gaps, in the order in which they were declared, so that parts declared one after the other can be
 * used as one.
 */
public final class Layout {
  private final Map<String, Part> parts;
  private final long size;

  private Layout(Map<String, Part> parts, long size) {
    this.parts = parts;
    this.size = size;
  }

  /**
   * One parameter.
   *
   * @param start first element in the row
   * @param shape a vector, a matrix (out, in), or several matrices
   */
  public record Part(String name, long start, List<Integer> shape, Initial initial) {
    /** Number of elements. */
    public long size() {
      long size = 1;
      for (int dimension : shape) {
        size = Math.multiplyExact(size, dimension);
      }
      return size;
    }
  }

  /** Elements of a row, P. */
  public long size() {
    return size;
  }

  /** All parts in order. */
  public List<Part> parts() {
    return List.copyOf(parts.values());
  }

  /** Whether there is a parameter of this name. */
  boolean contains(String name) {
    return parts.containsKey(name);
  }

  /**
   * The part of a name.
   *
   * @throws IllegalArgumentException naming the known ones when there is none
   */
  public Part part(String name) {
    Part found = parts.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "no parameter '" + name + "'; known: " + String.join(", ", parts.keySet()));
    }
    return found;
  }

  /** Collects parts. */
  public static final class Builder {
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private long size;

    /**
     * Appends a parameter.
     *
     * @throws IllegalArgumentException when the name is taken, or hashes like another's
     */
    public Builder add(String name, Initial initial, Integer... shape) {
      for (Part other : parts.values()) {
        // Initial values are drawn from the name's hash; two equal ones would start from equal
        // numbers.
        if (other.name().hashCode() == name.hashCode()) {
          throw new IllegalArgumentException(
              "parameter '"
                  + name
                  + "' is or hashes like '"
                  + other.name()
                  + "'; give it another name");
        }
      }
      Part part = new Part(name, size, List.of(shape), initial);
      parts.put(name, part);
      size = Math.addExact(size, part.size());
      return this;
    }

    /** The layout of all parts added so far. */
    public Layout build() {
      return new Layout(new LinkedHashMap<>(parts), size);
    }
  }
}
