package dev.emergence.spec;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * What jars of one's own add: those on the class path, and those that the system property {@value
 * #PROPERTY} names. They are looked for once a process, when first asked for; processes that this
 * one starts inherit the property.
 */
public final class Extensions {
  /** Jars that are not on the class path, separated as a class path is. */
  public static final String PROPERTY = "emergence.plugins";

  private static List<Extension> found;
  private static ClassLoader loader;

  private Extensions() {}

  /**
   * Names jars, before anything is read.
   *
   * @throws IllegalArgumentException when one does not exist
   */
  public static void use(List<Path> jars) {
    List<String> whole = new ArrayList<>();
    for (Path jar : jars) {
      if (!Files.isReadable(jar)) {
        throw new IllegalArgumentException("the plug-in " + jar + " cannot be read");
      }
      whole.add(jar.toAbsolutePath().normalize().toString());
    }
    System.setProperty(PROPERTY, String.join(File.pathSeparator, whole));
  }

  /** The jars that are named, for processes on other machines. */
  public static List<Path> jars() {
    String named = System.getProperty(PROPERTY, "");
    return named.isEmpty()
        ? List.of()
        : Arrays.stream(named.split(File.pathSeparator)).map(Path::of).toList();
  }

  /**
   * All extensions, in the order in which they are found.
   *
   * @throws PluginFailure when one cannot be loaded
   */
  public static synchronized List<Extension> all() {
    if (found == null) {
      try {
        found = List.copyOf(load());
      } catch (ServiceConfigurationError e) {
        throw new PluginFailure("a plug-in cannot be loaded: " + e.getMessage(), e);
      }
    }
    return found;
  }

  private static List<Extension> load() {
    List<Extension> extensions = new ArrayList<>();
    ServiceLoader.load(Extension.class, loader()).forEach(e -> extensions.add(checked(e)));
    return extensions;
  }

  /** Sees our classes and those of the jars; the same one each time. */
  static synchronized ClassLoader loader() {
    if (loader == null) {
      ClassLoader ours = Extensions.class.getClassLoader();
      URL[] urls = jars().stream().map(Extensions::url).toArray(URL[]::new);
      loader = urls.length == 0 ? ours : new URLClassLoader(urls, ours);
    }
    return loader;
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("the plug-in " + jar + " cannot be named", e);
    }
  }

  private static Extension checked(Extension extension) {
    Class<? extends Record> spec = extension.spec();
    if (!spec.isAnnotationPresent(Kind.class)) {
      throw new IllegalArgumentException(
          "the plug-in's " + spec.getName() + " has no @Kind that says what it is called in files");
    }
    return extension;
  }
}
