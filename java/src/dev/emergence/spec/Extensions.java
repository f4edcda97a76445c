package dev.emergence.spec;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * What jars of one's own add: those on the class path, and those that the system property {@value
 * #PROPERTY} names. They are looked for once a process, when first asked for; processes that this
 * one starts inherit the property.
 */
public final class Extensions {
  /** Jars that are not on the class path, separated as a class path is. */
  public static final String PROPERTY = "emergence.plugins";

  private static final List<String> SERVICES =
      List.of(
          "META-INF/services/" + Extension.class.getName(),
          "META-INF/services/" + Measure.class.getName());

  private static List<Extension> found;
  private static List<Measure> measures;
  private static ClassLoader loader;

  private Extensions() {}

  /**
   * Names jars, before anything is read. One of them at least must be ours; others may hold what it
   * needs.
   *
   * @throws IllegalArgumentException when one is no jar, or none names a class of ours
   */
  public static void use(List<Path> jars) {
    List<String> whole = new ArrayList<>();
    boolean ours = jars.isEmpty();
    for (Path jar : jars) {
      ours |= namesClasses(jar);
      whole.add(jar.toAbsolutePath().normalize().toString());
    }
    if (!ours) {
      throw new IllegalArgumentException(
          "no class is named by --plugin "
              + jars.stream().map(Path::toString).collect(Collectors.joining(" "))
              + ": a jar names its tasks in "
              + SERVICES.get(0)
              + " and its measures in "
              + SERVICES.get(1));
    }
    System.setProperty(PROPERTY, String.join(File.pathSeparator, whole));
  }

  private static boolean namesClasses(Path jar) {
    if (!Files.isReadable(jar)) {
      throw new IllegalArgumentException("the plug-in " + jar + " cannot be read");
    }
    if (Files.isDirectory(jar)) {
      return SERVICES.stream().anyMatch(name -> Files.exists(jar.resolve(name)));
    }
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return SERVICES.stream().anyMatch(name -> zip.getEntry(name) != null);
    } catch (IOException e) {
      throw new IllegalArgumentException("the plug-in " + jar + " is no jar", e);
    }
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
      List<Extension> loaded = load(Extension.class);
      loaded.forEach(Extensions::check);
      found = loaded;
    }
    return found;
  }

  /**
   * All measures, ours too.
   *
   * @throws PluginFailure when one cannot be loaded
   */
  static synchronized List<Measure> measures() {
    if (measures == null) {
      measures = load(Measure.class);
    }
    return measures;
  }

  /** Jars and folders that plug-ins come from, as far as these can be loaded. */
  static Set<URL> places() {
    return Stream.<Supplier<List<?>>>of(Extensions::all, Extensions::measures)
        .flatMap(Extensions::loadable)
        .map(Object::getClass)
        .filter(type -> !type.getName().startsWith(PluginFailure.OURS))
        .map(PluginFailure::place)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /** The same, and jars that hold what those need, in the order of their paths. */
  public static List<Path> origins() {
    return Stream.concat(places().stream().flatMap(Extensions::path), jars().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static Stream<Path> path(URL place) {
    try {
      return Stream.of(Path.of(place.toURI()));
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return Stream.empty(); // inside of something else, as some servers pack jars
    }
  }

  private static Stream<?> loadable(Supplier<List<?>> plugins) {
    try {
      return plugins.get().stream();
    } catch (PluginFailure e) {
      return Stream.empty();
    }
  }

  /** A class by its name, which is not initialised; null when there is none. */
  static Class<?> named(String name) {
    try {
      return Class.forName(name, false, loader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private static <T> List<T> load(Class<T> service) {
    try {
      requireOnce(service);
      List<T> loaded = new ArrayList<>();
      ServiceLoader.load(service, loader()).forEach(loaded::add);
      return List.copyOf(loaded);
    } catch (ServiceConfigurationError | LinkageError e) {
      throw PluginFailure.unloaded(e);
    }
  }

  /** Of two versions of a class the first would serve in silence. */
  private static void requireOnce(Class<?> service) {
    Map<String, URL> known = new HashMap<>();
    for (URL list : lists(service)) {
      for (String name : names(list)) {
        URL other = known.putIfAbsent(name, list);
        if (other != null && !other.equals(list) && !name.startsWith(PluginFailure.OURS)) {
          throw new PluginFailure(
              "the plug-in "
                  + name
                  + " is in two places, of which one must go: "
                  + jar(other)
                  + " and "
                  + jar(list),
              null);
        }
      }
    }
  }

  private static List<URL> lists(Class<?> service) {
    try {
      return Collections.list(loader().getResources("META-INF/services/" + service.getName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(URL list) {
    try (InputStream in = list.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a list of services lies. */
  private static String jar(URL list) {
    return list.getPath().replaceFirst("^file:", "").replaceFirst("!?/META-INF/services/.*", "");
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

  private static void check(Extension extension) {
    Class<?> owner = extension.getClass();
    Class<? extends Record> spec = PluginFailure.orResult(owner, "spec", extension::spec);
    try {
      PluginRecord.check(spec);
    } catch (IllegalArgumentException e) {
      throw PluginFailure.unusable(owner, e.getMessage());
    }
  }
}
