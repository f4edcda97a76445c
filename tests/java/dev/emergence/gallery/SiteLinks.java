package dev.emergence.gallery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The links of a folder of pages, each of which must lead to a file of the folder, and to a heading
 * that is there. The Javadoc's own are left out, because doclint checks them.
 */
public final class SiteLinks {
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
  private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]*)\"");

  private final Path folder;
  private final List<String> faults = new ArrayList<>();

  /** The links of the pages in a folder. */
  public SiteLinks(Path folder) {
    this.folder = folder;
  }

  /** A sentence for each link that leads nowhere. */
  public List<String> faults() throws IOException {
    faults.clear();
    for (Path file : pages()) {
      Matcher links = REFERENCE.matcher(Files.readString(file));
      while (links.find()) {
        check(file, links.group(1));
      }
    }
    return List.copyOf(faults);
  }

  private List<Path> pages() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(".html"))
          .filter(file -> !folder.relativize(file).startsWith("javadoc"))
          .sorted()
          .toList();
    }
  }

  private void check(Path file, String link) throws IOException {
    if (SCHEME.matcher(link).matches()) {
      return;
    }
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
    if (!Files.isRegularFile(target)) {
      faults.add(file + ": " + link + " leads nowhere");
    } else if (parts.length == 2 && target.toString().endsWith(".html")) {
      String text = Files.readString(target);
      if (ID.matcher(text).results().noneMatch(id -> id.group(1).equals(parts[1]))) {
        faults.add(file + ": " + link + " names no heading of " + target);
      }
    }
  }
}
