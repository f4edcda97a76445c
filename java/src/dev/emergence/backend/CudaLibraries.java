package dev.emergence.backend;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where NVIDIA's libraries of CUDA 13 lie on this machine: a toolkit, the {@code nvidia} packages
 * of a Python environment, or a folder that the user names. The dynamic linker alone would find
 * only the first, and not always.
 */
final class CudaLibraries {
  /** Names folders to look into first, separated as in a path. */
  static final String VARIABLE = "EMERGENCE_CUDA_LIBRARIES";

  /** What cuBLAS needs, each after those that it needs itself. */
  static final List<String> NAMES =
      List.of("libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13");

  private static final String DRIVER = "libcuda.so.1";
  private static final List<String> PYTHON_FOLDERS =
      List.of("nvidia/cu13/lib", "nvidia/cublas/lib", "nvidia/cuda_runtime/lib");
  private final Map<String, String> environment;
  private final Path root;

  /**
   * @param root of the file system
   */
  CudaLibraries(Map<String, String> environment, Path root) {
    this.environment = environment;
    this.root = root;
  }

  static CudaLibraries ofThisMachine() {
    return new CudaLibraries(System.getenv(), Path.of("/"));
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
    matches(root.resolve("usr/local"), "cuda-13*").forEach(toolkit -> addToolkit(folders, toolkit));
    addToolkit(folders, root.resolve("opt/cuda"));
    Stream.of("usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib")
        .map(root::resolve)
        .forEach(folders::add);
    return folders.stream().filter(Files::isDirectory).toList();
  }

  /** The first file of that name. */
  Optional<Path> find(String name) {
    return folders().stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** One line a library: where it is, or that it is nowhere. */
  List<String> report() {
    return NAMES.stream()
        .map(name -> name + ": " + find(name).map(Path::toString).orElse("not found"))
        .toList();
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
            + " name, and in the nvidia packages of the Python on the PATH");
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
    for (Path folder : named("PATH")) {
      if (Files.exists(folder.resolve("python3")) && folder.getParent() != null) {
        prefixes.add(folder.getParent());
      }
    }
    named("HOME").forEach(home -> prefixes.add(home.resolve(".local")));
    return prefixes;
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
