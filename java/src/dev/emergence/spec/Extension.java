package dev.emergence.spec;

/**
 * A kind that a jar of one's own adds: named in {@code META-INF/services/} under this interface's
 * name, and found on the class path or in the jars of {@code --plugin}. From then on files, schema,
 * symbols and messages know its record like one of ours.
 *
 * <p>A task implements {@code dev.emergence.task.TaskKind}, which extends this.
 */
public interface Extension {
  /**
   * The record that YAML describes, with its {@link Kind} and its {@link Key}s; it implements the
   * interface of what it is a kind of, {@link TaskSpec} say. It must be public.
   */
  Class<? extends Record> spec();
}
