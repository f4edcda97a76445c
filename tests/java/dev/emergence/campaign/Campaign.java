package dev.emergence.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Tests that are repeated with random choices: a few times with every build, and as often as it
 * takes to believe them by {@code ./dev campaign}, which then shows their figures.
 */
public final class Campaign {
  private static final String FULL = "emergence.campaign";

  private Campaign() {}

  /** Whether this is {@code ./dev campaign}. */
  public static boolean isFull() {
    return Boolean.getBoolean(FULL);
  }

  /**
   * How often; {@code -Demergence.size} says another number, for a campaign in pieces.
   *
   * @param usual with every build
   * @param full in a campaign
   */
  public static int size(int usual, int full) {
    return Integer.getInteger("emergence.size", isFull() ? full : usual);
  }

  /**
   * What random choices begin with: {@code -Demergence.seed} makes other ones.
   *
   * @param usual with every build
   */
  public static long seed(long usual) {
    return Long.getLong("emergence.seed", usual);
  }

  /** Keeps a line for the campaign's figures. */
  public static void figure(String format, Object... values) throws IOException {
    String line = String.format(Locale.ROOT, format, values) + "\n";
    if (isFull()) {
      Files.writeString(
          Path.of("target", "campaign.txt"),
          line,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
