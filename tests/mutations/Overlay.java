import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles a broken source into a folder that stands before the ordinary classes and libraries, so
 * that the tree itself is never touched. Only what the broken file makes different is compiled: its
 * class, or the objects that include it, which are then linked with all others.
 */
final class Overlay {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path HERE = ROOT.resolve("target/mutations");
  private static final Path CLASSES = HERE.resolve("classes");
  private static final Path SOURCES = HERE.resolve("sources");
  private static final Path OBJECTS = HERE.resolve("objects");
  private static final Path BUILD = ROOT.resolve("target/native");
  private static final String LIBRARIES = "dev/emergence/backend/linux-x86_64";
  private static final Path EMULATED = HERE.resolve("emulated/libemergence_emulated.so");

  /** Libraries that tests look for beside the emulated one. */
  private static final List<String> STAND_INS = List.of("standin12", "standin13");

  private final String classpath;

  /**
   * @param classpath the libraries of production and test code
   */
  Overlay(String classpath) {
    this.classpath = classpath;
  }

  /** The class path of tests that are to meet the break. */
  String classpath() {
    return String.join(
        File.pathSeparator, CLASSES.toString(), "target/test-classes", "target/classes", classpath);
  }

  /** What else the JVM of such tests must be told. */
  List<String> options() {
    return Files.exists(EMULATED) ? List.of("-Dem.emulated=" + EMULATED) : List.of();
  }

  /** Puts everything back to the unbroken program. */
  void clear() throws IOException {
    for (Path folder : List.of(CLASSES, SOURCES, OBJECTS, EMULATED.getParent())) {
      if (Files.exists(folder)) {
        try (Stream<Path> walk = Files.walk(folder)) {
          walk.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
      }
      Files.createDirectories(folder);
    }
  }

  /** Whether it compiles. */
  boolean compile(Break next) throws Exception {
    clear();
    Path broken = SOURCES.resolve(next.file());
    Files.createDirectories(broken.getParent());
    Files.writeString(broken, next.applied());
    return next.isNative() ? compileNative(next.file()) : compileJava(next, broken);
  }

  private boolean compileJava(Break next, Path broken) throws IOException {
    List<Path> sources = new ArrayList<>(List.of(broken));
    if (next.text().contains("static final")) {
      sources.addAll(usersOf(next.file())); // constants are copied into the classes that use them
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-nowarn",
              "-proc:none",
              "-parameters",
              "--release",
              "17",
              "-d",
              CLASSES.toString(),
              "-cp",
              "target/classes" + File.pathSeparator + classpath);
      return compiler
          .getTask(
              new StringWriter(),
              files,
              null,
              options,
              null,
              files.getJavaFileObjectsFromPaths(sources))
          .call();
    }
  }

  private static List<Path> usersOf(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".java", "");
    List<Path> users = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(Path.of("java/src"))) {
      for (Path each : walk.filter(f -> f.toString().endsWith(".java")).toList()) {
        if (!each.equals(file) && Files.readString(each).matches("(?s).*\\b" + name + "\\b.*")) {
          users.add(each);
        }
      }
    }
    return users;
  }

  private boolean compileNative(Path file) throws Exception {
    Map<String, Path> replaced = new LinkedHashMap<>();
    String linked = recipe("emergence") + recipe("emergence_emulated");
    try (Stream<Path> walk = Files.walk(BUILD.resolve("CMakeFiles"))) {
      for (Path list : walk.filter(f -> f.toString().endsWith(".o.d")).sorted().toList()) {
        List<Path> words = named(list);
        String object = BUILD.relativize(list).toString().replaceFirst("\\.d$", "");
        if (linked.contains(object) && words.contains(ROOT.resolve(file))) {
          Optional<Path> made = compileObject(object, words.get(1), file);
          if (made.isEmpty()) {
            return false;
          }
          replaced.put(object, made.get());
        }
      }
    }
    if (replaced.isEmpty()) {
      throw new IllegalStateException("no object is made from " + file);
    }
    for (String folder : STAND_INS) {
      Files.createSymbolicLink(
          EMULATED.resolveSibling(folder), BUILD.resolve("emu").resolve(folder));
    }
    return link("emergence", replaced, CLASSES.resolve(LIBRARIES).resolve("libemergence.so"))
        && link("emergence_emulated", replaced, EMULATED);
  }

  /**
   * @param object as CMake names it
   * @param source what it is compiled from
   */
  private static Optional<Path> compileObject(String object, Path source, Path file)
      throws Exception {
    Map<String, String> flags = new LinkedHashMap<>();
    Path target = BUILD.resolve(object.replaceFirst("(\\.dir)/.*", "$1"));
    for (String line : Files.readAllLines(target.resolve("flags.make"))) {
      String[] sides = line.split(" *= *", 2);
      flags.put(sides[0], sides.length == 2 ? sides[1] : "");
    }
    Path broken = source.equals(ROOT.resolve(file)) ? SOURCES.resolve(file) : source;
    if (file.toString().endsWith(".cu")) {
      broken =
          SOURCES.resolve(
              source.getFileName()); // what the host compiles includes the file by its place
      Files.writeString(broken, "#include \"" + SOURCES.resolve(file) + "\"\n");
    }
    Path out = OBJECTS.resolve(object);
    Files.createDirectories(out.getParent());
    boolean well =
        shell(
            String.join(
                " ",
                "c++",
                flags.get("CXX_DEFINES"),
                "-I" + SOURCES.resolve("native"),
                flags.get("CXX_INCLUDES"),
                flags.get("CXX_FLAGS"),
                "-o " + out + " -c " + broken));
    return well ? Optional.of(out) : Optional.empty();
  }

  private static boolean link(String target, Map<String, Path> replaced, Path library)
      throws Exception {
    String command = recipe(target);
    if (replaced.keySet().stream().noneMatch(command::contains)) {
      return true;
    }
    for (Map.Entry<String, Path> each : replaced.entrySet()) {
      command = command.replace(" " + each.getKey() + " ", " " + each.getValue() + " ");
    }
    Files.createDirectories(library.getParent());
    return shell(command.replaceFirst(" -o \\S+", " -o " + library));
  }

  /** The target and the files that a list of dependencies names; CMake writes them either way. */
  private static List<Path> named(Path list) throws IOException {
    return Stream.of(Files.readString(list).split("[\\s\\\\]+"))
        .map(word -> BUILD.resolve(word).normalize())
        .toList();
  }

  /** The command that links a library. */
  private static String recipe(String target) throws IOException {
    return Files.readString(BUILD.resolve("CMakeFiles/" + target + ".dir/link.txt")).strip();
  }

  private static boolean shell(String command) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", command)
            .directory(BUILD.toFile())
            .redirectErrorStream(true)
            .redirectOutput(HERE.resolve("compiler.log").toFile())
            .start();
    return process.waitFor() == 0;
  }
}
