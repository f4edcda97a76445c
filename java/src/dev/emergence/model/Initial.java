package dev.emergence.model;

/** How the entries of one parameter are drawn at first. */
public sealed interface Initial {

  /** All entries equal. */
  record Constant(double value) implements Initial {}

  /** Uniform in ±bound. */
  record Uniform(double bound) implements Initial {}

  /** Uniform between two numbers. */
  record Between(double low, double high) implements Initial {}

  /** Normal with mean 0. */
  record Normal(double standardDeviation) implements Initial {}
}
