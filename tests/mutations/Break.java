import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One small break of a source: columns {@code start..end} of a line become {@code after}.
 *
 * @param occurrence how many lines of the file that read the same come before it
 */
record Break(
    Path file,
    int line,
    int start,
    int end,
    String after,
    String name,
    String text,
    int occurrence) {

  /** One way to break a line: what is found, and what is put in its place. */
  private record Operator(String name, Pattern from, String to) {
    static Operator of(String name, String from, String to) {
      return new Operator(name, Pattern.compile(from), to);
    }
  }

  private static final List<Operator> OPERATORS =
      List.of(
          Operator.of("starts one later", "(= )0(; \\w+ <)", "$11$2"),
          Operator.of("less becomes less or equal", "(?<=[\\w)\\]] )< (?=[\\w(])", "<= "),
          Operator.of("less or equal becomes less", " <= ", " < "),
          Operator.of(
              "greater becomes greater or equal", "(?<=[\\w)\\]] )> (?=[\\w(]+[^>]*$)", ">= "),
          Operator.of("greater or equal becomes greater", " >= ", " > "),
          Operator.of("equal becomes unequal", " == ", " != "),
          Operator.of("unequal becomes equal", " != ", " == "),
          Operator.of("and becomes or", " && ", " || "),
          Operator.of("or becomes and", " \\|\\| ", " && "),
          Operator.of("plus becomes minus", "(?<=[\\w)\\]] )\\+ (?=[\\w(])", "- "),
          Operator.of("minus becomes plus", "(?<=[\\w)\\]] )- (?=[\\w(])", "+ "),
          Operator.of("times becomes over", "(?<=[\\w)\\]] )\\* (?=[\\w(])", "/ "),
          Operator.of("over becomes times", "(?<=[\\w)\\]] )/ (?=[\\w(])", "* "),
          Operator.of("sum becomes difference", " \\+= ", " -= "),
          Operator.of("one becomes two", "(?<=[+\\-*(] ?)1(?=[ ;,)])", "2"),
          Operator.of("half becomes one", "(?<![\\d.])0\\.5(?=f?\\b)", "1.0"),
          Operator.of("not is dropped", "(?<=[(&|] ?)!(?=[a-z])", ""),
          Operator.of("minimum becomes maximum", "\\bmin\\(", "max("),
          Operator.of("maximum becomes minimum", "\\bmax\\(", "min("),
          Operator.of("true becomes false", "\\breturn true\\b", "return false"),
          Operator.of("false becomes true", "\\breturn false\\b", "return true"));

  static final String SEPARATOR = " | ";

  boolean isNative() {
    return file.startsWith("native");
  }

  /** What stays the same when other lines of the file move, or a Java source to another package. */
  String key() {
    String path = isNative() ? file.toString().replace('\\', '/') : file.getFileName().toString();
    return String.join(SEPARATOR, path, name, text + "#" + occurrence + "@" + start);
  }

  String told() {
    return file + ":" + (line + 1) + " " + name + ": " + text;
  }

  /** The whole file with the break in it. */
  String applied() throws IOException {
    List<String> lines = new ArrayList<>(Files.readString(file).lines().toList());
    String before = lines.get(line);
    lines.set(line, before.substring(0, start) + after + before.substring(end));
    return String.join("\n", lines) + "\n";
  }

  /** All breaks of a file. */
  static List<Break> of(Path file) throws IOException {
    List<Break> all = new ArrayList<>();
    List<String> lines = Files.readString(file).lines().toList();
    Map<String, Integer> seen = new TreeMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String code = line.strip();
      int occurrence = seen.merge(code, 1, Integer::sum) - 1;
      if (isWords(code)) {
        continue;
      }
      int comment = line.indexOf("//");
      for (Operator operator : OPERATORS) {
        Matcher m = operator.from().matcher(line);
        while (m.find() && (comment < 0 || m.start() < comment)) {
          String after = operator.from().matcher(m.group()).replaceFirst(operator.to());
          String put = m.group().equals(after) ? operator.to() : after;
          all.add(new Break(file, i, m.start(), m.end(), put, operator.name(), code, occurrence));
        }
      }
    }
    return all;
  }

  /** Words rather than arithmetic. */
  private static boolean isWords(String code) {
    return code.matches("(\\*|/\\*|//|@|#|import |package |template|EM_REQUIRE|throw ).*")
        || code.contains("\"");
  }
}
