package dev.emergence.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keys that an earlier version of a record had, outside of any run's identity. Stored files that
 * hold them are still read; their values are passed over.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Gone {
  /** The keys. */
  String[] value();
}
