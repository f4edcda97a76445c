/**
 * Power laws: numbers in, censored ones marked; numbers with intervals out.
 *
 * <p>Depends on nothing else of the project. A fit that the data cannot decide is refused with its
 * reason, as a value.
 */
package dev.emergence.fit;
