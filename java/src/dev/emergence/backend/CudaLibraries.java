package dev.emergence.backend;

import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * Where cuBLAS lies on this machine: in a folder that the user names, in a jar that the user adds
 * to the class path (bytedeco's {@code cuda-redist-cublas}), in a toolkit, or in the {@code nvidia}
 * packages of a Python environment. The dynamic linker alone would find only the third, and not
 * always. Of cuBLAS only libcublasLt is needed.
 */
final class CudaLibraries {
  /** Names folders to look into first, separated as in a path. */
  static final String VARIABLE = "EMERGENCE_CUDA_LIBRARIES";

  /** What multiplies, of the two versions of CUDA that serve; the first found that can be used. */
  static final List<String> NAMES = List.of("libcublasLt.so.13", "libcublasLt.so.12");

  /** Where jars of bytedeco's keep libraries. */
  static final String PACKED = "org/bytedeco/cuda/" + Loader.getPlatform() + "/";

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  private static final String DRIVER = "libcuda.so.1";
  private static final List<String> PYTHON_FOLDERS =
      List.of("nvidia/cu13/lib", "nvidia/cublas/lib", "nvidia/cuda_runtime/lib");
  private final Map<String, String> environment;
  private final Path root;
  private final ClassLoader classPath;

  /**
   * @param root of the file system
   * @param classPath where jars are looked into
   */
  CudaLibraries(Map<String, String> environment, Path root, ClassLoader classPath) {
    this.environment = environment;
    this.root = root;
    this.classPath = classPath;
  }

  static CudaLibraries ofThisMachine() {
    return new CudaLibraries(System.getenv(), Path.of("/"), CudaLibraries.class.getClassLoader());
  }

  /** The folders that exist, in the order of search. */
  List<Path> folders() {
    Set<Path> folders = new LinkedHashSet<>();
    folders.addAll(named(VARIABLE));
    folders.addAll(named("LD_LIBRARY_PATH"));
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      named(variable).forEach(toolkit -> addToolkit(folders, toolkit));
    }
    pythonPrefixes().forEach(prefix -> addPython(folders, prefix));
    addToolkit(folders, root.resolve("usr/local/cuda"));
    matches(root.resolve("usr/local"), "cuda-1[23]*")
        .forEach(toolkit -> addToolkit(folders, toolkit));
    addToolkit(folders, root.resolve("opt/cuda"));
    Stream.of("usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib")
        .map(root::resolve)
        .forEach(folders::add);
    return folders.stream().filter(Files::isDirectory).toList();
  }

  /**
   * The libraries that may be tried, in order: what the user names comes before jars on the class
   * path, these before all that the machine has; in each the newer version first. What lies in a
   * jar is unpacked below JavaCPP's cache.
   *
   * @throws DeviceException UNAVAILABLE when it cannot be unpacked
   */
  List<Path> candidates() {
    List<Path> found = new ArrayList<>();
    NAMES.forEach(name -> in(named(VARIABLE), name).ifPresent(found::add));
    NAMES.forEach(name -> packed(name).map(CudaLibraries::unpacked).ifPresent(found::add));
    NAMES.forEach(name -> in(folders(), name).ifPresent(found::add));
    return found.stream().distinct().toList();
  }

  /** Where the first of that name lies; unpacks nothing. */
  private String place(String name) {
    return in(named(VARIABLE), name)
        .map(Path::toString)
        .or(() -> packed(name).map(url -> "in " + jar(url)))
        .or(() -> in(folders(), name).map(Path::toString))
        .orElse("not found");
  }

  private static Optional<Path> in(Collection<Path> folders, String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private Optional<URL> packed(String name) {
    return Optional.ofNullable(classPath.getResource(PACKED + name));
  }

  private static Path unpacked(URL library) {
    try {
      return Loader.cacheResource(library).toPath();
    } catch (IOException e) {
      throw new DeviceException(
          Reason.UNAVAILABLE, "cannot unpack " + library + ": " + e.getMessage());
    }
  }

  /** The jar's file; what is no jar is shown as it is. */
  private static String jar(URL library) {
    try {
      return library.openConnection() instanceof JarURLConnection connection
          ? Path.of(connection.getJarFileURL().toURI()).toString()
          : library.toString();
    } catch (IOException | URISyntaxException | IllegalArgumentException e) {
      return library.toString();
    }
  }

  /** One line a library: where it is, or that it is nowhere. */
  List<String> report() {
    return NAMES.stream().map(name -> name + ": " + place(name)).toList();
  }

  /** The driver's library, which lies where the driver put it. */
  String driver() {
    return Stream.concat(
            folders().stream(),
            Stream.of("usr/local/nvidia/lib64", "usr/local/nvidia/lib", "usr/lib/wsl/lib")
                .map(root::resolve))
        .map(folder -> folder.resolve(DRIVER))
        .filter(Files::exists)
        .findFirst()
        .map(Path::toString)
        .orElse("not found");
  }

  /** All that was looked for, where it is, and the folders that were looked into. */
  List<String> search() {
    List<String> lines = new ArrayList<>();
    lines.add("driver: " + DRIVER + ": " + driver());
    lines.addAll(report());
    lines.add("looked in: " + String.join(", ", folders().stream().map(Path::toString).toList()));
    lines.add(
        "also looks in what "
            + String.join(", ", VARIABLE, "LD_LIBRARY_PATH", "CUDA_HOME", "CUDA_PATH")
            + " name, in the nvidia packages of the Python on the PATH, and in jars on the class path below "
            + PACKED);
    return lines;
  }

  private List<Path> named(String variable) {
    List<Path> paths = new ArrayList<>();
    for (String part : environment.getOrDefault(variable, "").split(File.pathSeparator)) {
      try {
        if (!part.isBlank()) {
          paths.add(root.resolve(part));
        }
      } catch (InvalidPathException e) {
        // What is no path cannot hold a library.
      }
    }
    return paths;
  }

  private static void addToolkit(Set<Path> folders, Path toolkit) {
    Stream.of("lib64", "targets/x86_64-linux/lib", "lib")
        .map(toolkit::resolve)
        .forEach(folders::add);
  }

  /**
   * Environments that are active, those of the Pythons on the path, and the user's own packages.
   */
  private List<Path> pythonPrefixes() {
    List<Path> prefixes = new ArrayList<>();
    prefixes.addAll(named("VIRTUAL_ENV"));
    prefixes.addAll(named("CONDA_PREFIX"));
    named("PATH").forEach(folder -> addPrefixes(prefixes, folder.resolve("python3")));
    named("HOME").forEach(home -> prefixes.add(home.resolve(".local")));
    return prefixes;
  }

  /**
   * The prefix of a Python, and of each that it links to: a link on the path may lead to a virtual
   * environment, whose own Python is a link to that of the system.
   */
  private static void addPrefixes(List<Path> prefixes, Path python) {
    Path at = python;
    for (int links = 0; links < MOST_LINKS && Files.exists(at); links++) {
      try {
        Path folder = at.getParent().toRealPath();
        Stream.of(at.getParent().getParent(), folder.getParent())
            .filter(Objects::nonNull)
            .forEach(prefixes::add);
        if (!Files.isSymbolicLink(at)) {
          return;
        }
        at = folder.resolve(Files.readSymbolicLink(at)).normalize();
      } catch (IOException e) {
        return; // what cannot be followed holds no library for us
      }
    }
  }

  private static void addPython(Set<Path> folders, Path prefix) {
    for (Path version : matches(prefix.resolve("lib"), "python3*")) {
      for (String packages : List.of("site-packages", "dist-packages")) {
        PYTHON_FOLDERS.forEach(folder -> folders.add(version.resolve(packages).resolve(folder)));
      }
    }
  }

  /** Newest names first; nothing where the folder is missing or closed. */
  private static List<Path> matches(Path folder, String pattern) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
        stream.forEach(found::add);
      } catch (IOException e) {
        return List.of();
      }
    }
    found.sort((a, b) -> b.compareTo(a));
    return found;
  }
}
