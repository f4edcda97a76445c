package dev.emergence.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record component whose keys stand in its owner's mapping, as if they were the owner's own: keys
 * that several kinds share are declared once. The component's own name appears nowhere, so moving
 * keys into such a component changes neither a file nor an identity.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Inline {}
