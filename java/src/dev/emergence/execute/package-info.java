/** A plan carried out: {@link dev.emergence.execute.Execution} gives runs to workers. */
package dev.emergence.execute;
