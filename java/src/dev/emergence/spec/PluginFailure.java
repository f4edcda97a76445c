package dev.emergence.spec;

import java.net.URL;
import java.security.CodeSource;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.function.Supplier;

/** Code of a jar of one's own threw something: no fault of ours, and no stack trace helps here. */
public final class PluginFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final String OURS = "dev.emergence.";
  private static final String UNLOADED = "a plug-in cannot be loaded: ";

  PluginFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** One that the service loader, or the class loader below it, refuses. */
  static PluginFailure unloaded(Throwable refused) {
    Throwable cause = refused.getCause();
    String why = refused instanceof LinkageError ? refused.toString() : refused.getMessage();
    return new PluginFailure(UNLOADED + why + (cause == null ? "" : ": " + cause), refused);
  }

  /** One that was loaded, and is not what a plug-in must be. */
  static PluginFailure unusable(Class<?> owner, String why) {
    return new PluginFailure(
        "the plug-in " + owner.getName() + jar(owner) + " cannot be used: " + why, null);
  }

  /** One that gave what no measure may give: {@code NaN for test.loss at step 5}. */
  public static PluginFailure gave(Class<?> owner, String what) {
    return new PluginFailure("the plug-in " + owner.getName() + jar(owner) + " gave " + what, null);
  }

  /** Whether a class is of another jar than ours. */
  public static boolean isPlugin(Class<?> owner) {
    return !owner.getName().startsWith(OURS);
  }

  private PluginFailure(Class<?> owner, String call, Throwable cause) {
    super(
        "the plug-in "
            + owner.getName()
            + jar(owner)
            + " failed in "
            + written(call)
            + ": "
            + cause,
        cause);
  }

  /**
   * Calls what a class may have from another jar. Whatever that throws is the plug-in's, checked
   * exceptions and errors too; memory alone may end for another reason.
   *
   * @param owner the class
   * @param call the method's name
   * @throws PluginFailure when the class is not ours and throws anything, or returns null
   */
  public static <T> T orResult(Class<?> owner, String call, Supplier<T> method) {
    if (owner.getName().startsWith(OURS)) {
      return method.get();
    }
    try {
      return Objects.requireNonNull(method.get(), "null is no result");
    } catch (PluginFailure | OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      throw new PluginFailure(owner, call, e);
    }
  }

  /**
   * The plug-in that is to blame for something that was thrown, wherever it was called from; empty
   * when no code of a plug-in was at work.
   */
  public static Optional<PluginFailure> behind(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof PluginFailure failure) {
        return Optional.of(failure);
      } else if (t instanceof ServiceConfigurationError) {
        return Optional.of(unloaded(t));
      } else if (t.getCause() == null) {
        return called(t);
      }
    }
    return Optional.empty();
  }

  /** The outermost call of a plug-in is the one that we made. */
  private static Optional<PluginFailure> called(Throwable root) {
    Set<URL> places = Extensions.places();
    PluginFailure found = null;
    for (StackTraceElement frame : root.getStackTrace()) {
      Class<?> owner = Extensions.named(frame.getClassName());
      if (owner != null && places.contains(place(owner))) {
        found = new PluginFailure(owner, frame.getMethodName(), root);
      }
    }
    return Optional.ofNullable(found);
  }

  /** A method as its author wrote it, who does not know what the compiler calls parts of it. */
  private static String written(String method) {
    return method.equals("<init>")
        ? "its constructor"
        : method.replaceFirst("^lambda\\$(\\w+)\\$\\d+$", "$1");
  }

  /** The jar or folder that a class comes from; null for classes of Java itself. */
  static URL place(Class<?> owner) {
    CodeSource source = owner.getProtectionDomain().getCodeSource();
    return source == null ? null : source.getLocation();
  }

  /** A class and, of another jar, this jar. */
  static String described(Class<?> owner) {
    return owner.getName() + (owner.getName().startsWith(OURS) ? "" : jar(owner));
  }

  private static String jar(Class<?> owner) {
    URL place = place(owner);
    return place == null ? "" : " (" + place.getPath().replaceFirst(".*/(?=.)", "") + ")";
  }
}
