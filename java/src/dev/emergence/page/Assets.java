package dev.emergence.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** The page's scripts and styles, as they stand in the jar. */
final class Assets {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

  /** In the order in which they are loaded: each only adds to the one object em. */
  private static final List<String> SCRIPTS =
      List.of(
          "core",
          "store",
          "filter",
          "numbers",
          "head",
          "grid",
          "groups",
          "levels",
          "curves",
          "cursor",
          "law",
          "patterns",
          "film",
          "compare",
          "runs",
          "export",
          "main");

  private Assets() {}

  /** One script: uPlot with its licence, then ours. */
  static String script() {
    StringBuilder out = new StringBuilder("/*! uPlot 1.6.30\n");
    out.append(read(UPLOT + "LICENSE")).append("*/\n");
    out.append(read(UPLOT + "dist/uPlot.iife.min.js")).append('\n');
    for (String name : SCRIPTS) {
      out.append(read("/dev/emergence/page/js/" + name + ".js"));
    }
    return out.toString();
  }

  static String style() {
    return read(UPLOT + "dist/uPlot.min.css") + '\n' + read("/dev/emergence/page/page.css");
  }

  /** A source for a content policy: {@code 'sha256-...'}. */
  static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(String resource) {
    // By the loader: on the module path uPlot's jar is a module of its own, which a class does not
    // see.
    try (InputStream in =
        Assets.class.getClassLoader().getResourceAsStream(resource.substring(1))) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
