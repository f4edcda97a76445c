package dev.emergence.dsl.page;

import dev.emergence.dsl.bind.Axes;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Scalars;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Kind;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.Word;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One Markdown page with every key of an experiment file: path, type, default, unit, range, symbol
 * and meaning, derived from the records.
 */
public final class ReferenceWriter {
  private final StringBuilder page = new StringBuilder();
  private final Map<String, Shape.Rec> pending = new LinkedHashMap<>();

  private ReferenceWriter() {}

  /** Writes the page, in Markdown. */
  public static String write() {
    return new ReferenceWriter().all();
  }

  private String all() {
    page.append("# The keys of an experiment file\n\n");
    page.append("Version `dsl: ")
        .append(ExperimentFile.VERSION)
        .append(
            "`. A key without a default is required: the file, or a file that it extends, must set"
                + " it; `name` each file for itself. ");
    page.append(
        "Keys marked *not part of the id* do not decide what is trained. If you change them,"
            + " nothing is trained again. The [glossary]("
            + "../java/resources/dev/emergence/cli/explain/glossary.md) says what the words mean"
            + " (`emergence explain glossary`).\n");
    section("", "", Shape.of(ExperimentFile.class));
    while (!pending.isEmpty()) {
      Map.Entry<String, Shape.Rec> next = pending.entrySet().iterator().next();
      pending.remove(next.getKey());
      String path = next.getKey().replaceAll(" \\(kind: .*", "");
      section(next.getKey(), path, next.getValue());
    }
    axes();
    symbols();
    codes();
    return page.toString();
  }

  private void section(String title, String path, Shape.Rec rec) {
    page.append("\n## ")
        .append(
            title.isEmpty()
                ? "The file"
                : "`" + title.replace(" (kind: ", "`, kind `").replace(")", "") + "`")
        .append("\n\n");
    Kind kind = rec.type().getAnnotation(Kind.class);
    if (kind != null) {
      page.append(kind.doc()).append("\n\n");
    }
    for (Word word : rec.words()) {
      page.append("`")
          .append(word.value())
          .append("` is short for `")
          .append(word.means())
          .append("`.\n\n");
    }
    page.append("| key | type | default | meaning |\n|---|---|---|---|\n");
    rec.fields().values().forEach(field -> row(field, path));
  }

  private void row(Shape.Field field, String owner) {
    Key key = field.key();
    String path = owner.isEmpty() ? field.name() : owner + "." + field.name();
    String meaning =
        key.doc()
            + (key.symbol().isEmpty() ? "" : " Symbol `" + key.symbol() + "`.")
            + (key.identity() ? "" : " *Not part of the id.*");
    page.append("| `")
        .append(field.name())
        .append("` | ")
        .append(type(field.shape(), path))
        .append(unit(key))
        .append(" | ");
    page.append(fallback(key)).append(" | ").append(escape(meaning)).append(" |\n");
  }

  private static String unit(Key key) {
    boolean told = key.unit().isEmpty() || key.unit().equals("path") || key.unit().equals("share");
    return told ? "" : ", in " + key.unit();
  }

  private static String fallback(Key key) {
    if (key.value().equals(Key.REQUIRED)) {
      return "required";
    }
    if (key.value().equals(Key.ABSENT) && !key.empty().isEmpty()) {
      return "`" + key.empty() + "`";
    }
    return key.value().equals(Key.ABSENT) || key.value().isEmpty()
        ? "none"
        : "`" + escape(key.value()) + "`";
  }

  private static String escape(String text) {
    return text.replace("|", "\\|");
  }

  /** What may be written; mappings get a section of their own. */
  private String type(Shape shape, String path) {
    if (shape instanceof Shape.Opt opt) {
      return type(opt.of(), path) + (opt.word().isEmpty() ? "" : ", or `" + opt.word() + "`");
    }
    if (shape instanceof Shape.Rec rec) {
      pending.put(path, rec);
      return "mapping, see `" + path + "`";
    }
    if (shape instanceof Shape.Union union) {
      union.kinds().forEach((kind, rec) -> pending.put(path + " (kind: " + kind + ")", rec));
      return "mapping with `kind`: "
          + union.kinds().keySet().stream()
              .map(k -> "`" + k + "`")
              .collect(Collectors.joining(", "));
    }
    if (shape instanceof Shape.MapOf map) {
      String inner = map.pathKeys() ? "PATH" : "NAME";
      return (map.pathKeys() ? "paths, each: " : "names, each: ")
          + type(map.value(), path + "." + inner);
    }
    if (shape instanceof Shape.ListOf list) {
      return "one or a list of: " + type(list.item(), path);
    }
    return single(shape);
  }

  private static String single(Shape shape) {
    if (shape instanceof Shape.Num num) {
      String words = new Scalars(new Diagnostics(), null).expected(num).replaceFirst("^an? ", "");
      return words + (num.share() ? " or a percentage" : "");
    }
    if (shape instanceof Shape.Words words) {
      return Scalars.words(words).stream()
          .map(w -> "`" + w + "`")
          .collect(Collectors.joining(", "));
    }
    if (shape instanceof Shape.Switch) {
      return "`true` or `false`";
    }
    if (shape instanceof Shape.Time) {
      return "duration: `90s`, `5min`, `2h`";
    }
    if (shape instanceof Shape.Part) {
      return "part of an experiment file";
    }
    if (shape instanceof Shape.Axis) {
      return "axis, see [Axes](#axes)";
    }
    return shape instanceof Shape.Any ? "number, word or switch" : "text";
  }

  private void axes() {
    page.append(
        "\n"
            + "## Axes\n\n"
            + "A list of values, or a range:\n\n"
            + "| key | type | default | meaning |\n"
            + "|---|---|---|---|\n");
    Shape.of(Axes.Range.class).fields().values().forEach(field -> row(field, "axis"));
    page.append(
        "\n"
            + "If a key needs integers, the range must give integers exactly; otherwise the file is"
            + " refused. Conditions are in the order of the file; the last axis changes fastest.\n");
  }

  private void symbols() {
    page.append(
        "\n"
            + "## Symbols\n\n"
            + "Symbols can be used in formulas, `when`, `exclude`, `where` and axes of plots. Instead of"
            + " a symbol you may write a path, or the last part of a path if it is unique. ");
    page.append("`where` and `color` also accept `seed` and `variant`.\n");
    for (String task : Keys.kinds(TaskSpec.class).keySet()) {
      page.append("\n### `").append(task).append("`\n\n| symbol | path |\n|---|---|\n");
      for (Symbols.Symbol symbol : TaskSymbols.of(task, Map.of(), false)) {
        page.append("| `")
            .append(symbol.name())
            .append("` | `")
            .append(symbol.path())
            .append("` |\n");
      }
    }
  }

  private void codes() {
    page.append(
        "\n"
            + "## Messages\n\n"
            + "`emergence explain CODE` prints an example and how to correct it.\n\n"
            + "| code | about |\n"
            + "|---|---|\n");
    List<String> rows = new ArrayList<>();
    for (Code code : Code.values()) {
      rows.add("| " + code + " | " + code.title() + " |");
    }
    page.append(String.join("\n", rows)).append('\n');
  }
}
