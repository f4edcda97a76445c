package dev.emergence.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The records that a mapping with {@code kind} may stand for, each with its {@link Kind}. The
 * interface that carries this list is not sealed, so that others can add kinds of their own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Kinds {
  /** The records, in the order of the reference page. */
  Class<? extends Record>[] value();

  /** The kind of a mapping without {@code kind}; empty where it must be written. */
  String standard() default "";
}
