package dev.emergence.dsl.yaml;

/** Where a value comes from, from the weakest to the strongest. */
public enum Layer {
  DEFAULT("default"),
  EXTENDS("extends"),
  FILE("file"),
  PROFILE("profile"),
  SWEEP_SET("sweep set"),
  VARIANT("variant"),
  AXIS("axis"),
  COMMAND_LINE("--set");

  private final String words;

  Layer(String words) {
    this.words = words;
  }

  /** As shown to users. */
  @Override
  public String toString() {
    return words;
  }
}
