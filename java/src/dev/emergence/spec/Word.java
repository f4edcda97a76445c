package dev.emergence.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A single word that may be written instead of this record's mapping: {@code scale: loglog}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Word.List.class)
public @interface Word {
  /** The word. */
  String value();

  /** The mapping that it stands for, in YAML. */
  String means();

  /** Several words for one record. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @interface List {
    /** The words. */
    Word[] value();
  }
}
