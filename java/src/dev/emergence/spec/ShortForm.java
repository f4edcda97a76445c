package dev.emergence.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The key that a single number stands for where it is written instead of this record's mapping; a
 * list or any single value, where that key is a list.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ShortForm {
  /** The key: {@code count}, so that {@code seeds: 3} is {@code seeds: {count: 3}}. */
  String value();
}
