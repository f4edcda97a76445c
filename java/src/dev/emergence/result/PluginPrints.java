package dev.emergence.result;

import dev.emergence.spec.Extensions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What is in the jars and folders that plug-ins come from: {@code my-tasks.jar 0123456789ab}. The
 * digits follow from the names and the contents of the files alone, so that a jar that is packed
 * again has the same.
 */
final class PluginPrints {
  private static final int DIGITS = 12;

  private PluginPrints() {}

  /** All plug-ins of this process, in one line; empty when there are none. */
  static String all() {
    return Extensions.origins().stream()
        .map(origin -> origin.getFileName() + " " + of(origin))
        .collect(Collectors.joining(", "));
  }

  /** The digits of a jar or folder. */
  static String of(Path origin) {
    try {
      String listed = (Files.isDirectory(origin) ? folder(origin) : jar(origin)).toString();
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(listed.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (IOException e) {
      return "unreadable";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static Map<String, Long> jar(Path jar) throws IOException {
    Map<String, Long> sums = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.stream().filter(e -> !e.isDirectory()).forEach(e -> add(sums, e));
    }
    return sums;
  }

  /** Maven and the packer write dates into files of their own. */
  private static void add(Map<String, Long> sums, ZipEntry entry) {
    String name = entry.getName();
    if (!name.equals("META-INF/MANIFEST.MF") && !name.startsWith("META-INF/maven/")) {
      sums.put(name, entry.getCrc());
    }
  }

  private static Map<String, Long> folder(Path folder) throws IOException {
    Map<String, Long> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(file));
        sums.put(folder.relativize(file).toString(), sum.getValue());
      }
    }
    return sums;
  }
}
