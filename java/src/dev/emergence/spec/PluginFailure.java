package dev.emergence.spec;

import java.net.URL;
import java.security.CodeSource;
import java.util.function.Supplier;

/** Code of a jar of one's own threw something: no fault of ours, and no stack trace helps here. */
public final class PluginFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final String OURS = "dev.emergence.";

  PluginFailure(String message, Throwable cause) {
    super(message, cause);
  }

  private PluginFailure(Class<?> owner, String call, Throwable cause) {
    super(
        "the plug-in " + owner.getName() + jar(owner) + " failed in " + call + ": " + cause, cause);
  }

  /**
   * Calls what a class may have from another jar.
   *
   * @param owner the class
   * @param call the method's name
   * @throws PluginFailure when the class is not ours and throws anything
   */
  public static <T> T orResult(Class<?> owner, String call, Supplier<T> method) {
    try {
      return method.get();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      if (owner.getName().startsWith(OURS) || e instanceof PluginFailure) {
        throw e;
      }
      throw new PluginFailure(owner, call, e);
    }
  }

  private static String jar(Class<?> owner) {
    CodeSource source = owner.getProtectionDomain().getCodeSource();
    URL place = source == null ? null : source.getLocation();
    return place == null ? "" : " (" + place.getPath().replaceFirst(".*/(?=.)", "") + ")";
  }
}
