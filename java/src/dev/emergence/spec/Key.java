package dev.emergence.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What one YAML key means. The key's name is the record component's in snake_case ({@code headDim}
 * is {@code head_dim}).
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {
  /** {@link #value} of a key that must be written. */
  String REQUIRED = "<required>";

  /**
   * {@link #value} of a key that may be absent: the component is an empty Optional, list or map.
   */
  String ABSENT = "<absent>";

  /** One sentence for the reference page and the editor. */
  String doc();

  /** Default in YAML notation, or {@link #REQUIRED}, or {@link #ABSENT}. */
  String value() default REQUIRED;

  /**
   * Unit of the number, if it has one: {@code steps}, {@code samples}; a {@code share} may be
   * written in percent.
   */
  String unit() default "";

  /** Smallest allowed number, inclusive. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Largest allowed number, inclusive. */
  double max() default Double.POSITIVE_INFINITY;

  /**
   * The papers' symbol for this value in formulas and plots, if it has one: {@code d}, {@code
   * N_pairs}. A task in a jar of one's own may have the symbols of other tasks, and none that
   * stands for something else in files on every task ({@code B}, {@code lr}).
   */
  String symbol() default "";

  /** Whether the value decides what is trained, and so belongs to a run's identity. */
  boolean identity() default true;

  /**
   * Number of the format that brought this key. The first format is 1. A younger key has a default,
   * is left out of identity and stored files while it has that, and takes it where a stored file
   * does not have the key: so a new key neither renames a stored run nor makes its file unreadable.
   */
  int since() default 1;

  /**
   * Whether a mapping under this key replaces an inherited one as a whole instead of merging with
   * it. Of a map with names as keys, each entry does so by itself: an inherited {@code below} must
   * not stay beside a new {@code above}.
   */
  boolean atomic() default false;

  /**
   * The word that stands for an empty Optional, if there is one: {@code as_trained}, {@code none}.
   */
  String empty() default "";

  /**
   * Paths of numbers that this one must not exceed, as far as they exist in the experiment: for
   * messages only.
   */
  String[] atMost() default {};
}
