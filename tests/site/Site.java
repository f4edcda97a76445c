import dev.emergence.gallery.Figures;
import dev.emergence.gallery.SiteLinks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Makes the documentation's site from the repository's pages: {@code ./dev site}. Every page is a
 * file, every link is relative, so that any static host serves the folder as it is. Ends with 1 when
 * a link leads nowhere.
 *
 * <p>Arguments: the folder to write, and the folder of the Javadoc. What needs no reader of Markdown
 * stands beside the tests of the gallery, where it has tests.
 */
final class Site {
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());
  private static final Pattern HEADING = Pattern.compile("(?m)^# (.+)$");
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
  private static final Path EXAMPLES = Path.of("dsl-examples");
  private static final Path TOPICS = Path.of("java/resources/dev/emergence/cli/explain");
  private static final Path CODES = Path.of("java/resources/dev/emergence/dsl/explain");

  private static final String STYLE =
      """
      :root { color-scheme: light dark; }
      body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 0 1rem 4rem; }
      nav { border-bottom: 1px solid #8888; padding: .8rem 0; margin-bottom: 1rem; }
      nav a { margin-right: 1rem; }
      pre { overflow-x: auto; padding: .8rem; background: #8881; border-radius: 4px; }
      code { font: .9em ui-monospace, monospace; overflow-wrap: break-word; }
      table { border-collapse: collapse; display: block; overflow-x: auto; }
      th, td { border: 1px solid #8886; padding: .25rem .6rem; text-align: left; vertical-align: top; }
      img { max-width: 100%; background: #fff; }
      """;

  /** Where the pages of the bar at the top come from, by what it calls them. */
  private static final Map<String, String> BAR = new LinkedHashMap<>();

  /** The pages, from their sources to their files. */
  private final Map<Path, Path> pages = new LinkedHashMap<>();

  /** Sources of pages that are not written yet. */
  private final Deque<Path> waiting = new ArrayDeque<>();

  private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();
  private final HtmlRenderer renderer = HtmlRenderer.builder().extensions(EXTENSIONS).build();
  private final Path out;
  private final List<String> faults = new ArrayList<>();

  private Site(Path out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    Site site = new Site(Path.of(arguments[0]));
    site.write(Path.of(arguments[1]));
    site.faults.addAll(new SiteLinks(site.out).faults());
    if (!site.faults.isEmpty()) {
      site.faults.forEach(System.err::println);
      System.err.println(site.faults.size() + " links lead nowhere");
      System.exit(1);
    }
    System.err.println(site.out.resolve("index.html"));
  }

  private void write(Path javadoc) throws IOException {
    page("README.md", "index.html", "Emergence");
    page("dsl-examples/REFERENCE.md", "reference.html", "Reference");
    page("dsl-examples/paper1/THEORY.md", "theory.html", "Theory");
    page("dsl-examples/paper1/FIGURES.md", "figures.html", "The papers' figures");
    BAR.put("Gallery", "gallery.html");
    page("native/cuda/README.md", "kernels.html", "Kernels");
    page("native/dev/README.md", "ladders.html", "Ladders");
    page("tests/benchmarks/README.md", "benchmarks.html", "Benchmarks");
    page("java/ARCHITECTURE.md", "architecture.html", "Architecture");
    BAR.put("Explain", "explain/index.html");
    BAR.put("Javadoc", "javadoc/index.html");
    page(".github/CONTRIBUTING.md", "contributing.html", "Contributing");
    for (String other : List.of("CODE_OF_CONDUCT", "SECURITY")) {
      add(Path.of(".github/" + other + ".md"), Path.of(other.toLowerCase() + ".html"));
    }
    for (Path folder : List.of(TOPICS, CODES)) {
      for (Path source : files(folder)) {
        String name = source.getFileName().toString().replace(".md", ".html");
        add(source, Path.of("explain", name));
      }
    }
    while (!waiting.isEmpty()) {
      markdown(waiting.peek(), pages.get(waiting.remove()));
    }
    put(Path.of("gallery.html"), "Gallery", gallery());
    put(Path.of("explain/index.html"), "Explain", explain());
    copyTree(javadoc, out.resolve("javadoc"));
    Files.writeString(out.resolve(".nojekyll"), ""); // some hosts would leave out folders otherwise
  }

  private void page(String source, String file, String name) {
    add(Path.of(source), Path.of(file));
    BAR.put(name, file);
  }

  private Path add(Path source, Path file) {
    pages.put(source, file);
    waiting.add(source);
    return file;
  }

  private void markdown(Path source, Path file) throws IOException {
    String text = Files.readString(source);
    Node document = parser.parse(text);
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            link.setDestination(destination(source, file, link.getDestination()));
            visitChildren(link);
          }

          @Override
          public void visit(Image image) {
            image.setDestination(destination(source, file, image.getDestination()));
            visitChildren(image);
          }
        });
    Matcher heading = HEADING.matcher(text);
    put(file, heading.find() ? heading.group(1) : "Emergence", renderer.render(document));
  }

  /** A link of a page in the repository as one of the page's file. */
  private String destination(Path source, Path file, String link) {
    if (SCHEME.matcher(link).matches() || link.startsWith("#")) {
      return link;
    }
    String[] parts = link.split("#", 2);
    String fragment = parts.length == 2 ? "#" + parts[1] : "";
    Path target = Path.of("./" + source).resolveSibling(parts[0]).normalize();
    if (Files.isDirectory(target)) {
      return relative(file, listing(target));
    } else if (Files.exists(target)) {
      return relative(file, copied(target)) + fragment;
    }
    faults.add(source + ": " + link + " is not there");
    return link;
  }

  private static String relative(Path from, Path to) {
    Path folder = Path.of("/").resolve(from).getParent();
    return folder.relativize(Path.of("/").resolve(to)).toString();
  }

  /** A text of the repository becomes a page, too: browsers show its source, or save it. */
  private Path copied(Path source) {
    if (pages.containsKey(source)) {
      return pages.get(source);
    }
    Path file = Path.of("files").resolve(source);
    if (source.toString().endsWith(".md")) {
      return add(source, Path.of(file.toString().replaceFirst("md$", "html")));
    }
    try {
      Files.createDirectories(out.resolve(file).getParent());
      Files.copy(source, out.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A page that lists a folder of sources. */
  private Path listing(Path folder) {
    Path file = Path.of("files").resolve(folder).resolve("index.html");
    StringBuilder list = new StringBuilder("<h1>" + folder + "</h1>\n<ul>\n");
    try {
      for (Path source : files(folder)) {
        list.append(item(file, copied(source), folder.relativize(source).toString()));
      }
      put(file, folder.toString(), list + "</ul>\n");
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String item(Path from, Path to, String words) {
    return "<li><a href=\"" + relative(from, to) + "\">" + escaped(words) + "</a></li>\n";
  }

  private String gallery() throws IOException {
    StringBuilder html = new StringBuilder("<h1>Gallery</h1>\n");
    Path here = Path.of("gallery.html");
    for (Path figure : files(EXAMPLES)) {
      if (!figure.toString().endsWith(".svg")) {
        continue;
      }
      String name = EXAMPLES.relativize(figure).toString().replaceAll("figures/|\\.svg$", "");
      html.append("<h2>").append(escaped(name)).append("</h2>\n");
      for (Path yaml : Figures.experiment(figure).stream().toList()) {
        html.append("<p>Drawn by <a href=\"").append(relative(here, copied(yaml))).append("\">");
        html.append(escaped(yaml.toString())).append("</a>.</p>\n");
      }
      html.append("<p><img src=\"").append(relative(here, copied(figure))).append("\" alt=\"figure ");
      html.append(escaped(name)).append("\"></p>\n");
    }
    return html.toString();
  }

  private String explain() throws IOException {
    StringBuilder html = new StringBuilder("<h1>Explain</h1>\n");
    html.append("<p>The pages of <code>emergence explain</code>.</p>\n");
    for (Path folder : List.of(TOPICS, CODES)) {
      html.append(folder.equals(TOPICS) ? "<h2>Topics</h2>\n<ul>\n" : "<h2>Codes</h2>\n<ul>\n");
      for (Path source : files(folder)) {
        Matcher heading = HEADING.matcher(Files.readString(source));
        String words = heading.find() ? heading.group(1) : source.getFileName().toString();
        html.append(item(Path.of("explain/index.html"), pages.get(source), words));
      }
      html.append("</ul>\n");
    }
    return html.toString();
  }

  private void put(Path file, String title, String body) throws IOException {
    StringBuilder bar = new StringBuilder();
    BAR.forEach(
        (name, to) ->
            bar.append("<a href=\"").append(relative(file, Path.of(to))).append("\">")
                .append(escaped(name)).append("</a>\n"));
    Files.createDirectories(out.resolve(file).toAbsolutePath().getParent());
    Files.writeString(
        out.resolve(file),
        """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title><style>
        %s</style></head>
        <body><nav>
        %s</nav><main>
        %s</main></body></html>
        """
            .formatted(escaped(title), STYLE, bar, body));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static TreeSet<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return new TreeSet<>(all.filter(Files::isRegularFile).toList());
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
