package dev.emergence.tensor;

/** A piece of a backend's memory. Only the backend that made it knows what it is. */
public interface Buffer {
  /** Element type. */
  DType dtype();

  /** Number of elements. */
  long elements();
}
