package dev.emergence.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The {@code kind:} that selects this record among those its sealed interface permits, with one
 * line of documentation.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Kind {
  /** The word written in YAML. */
  String value();

  /** One sentence for the reference page. */
  String doc();
}
