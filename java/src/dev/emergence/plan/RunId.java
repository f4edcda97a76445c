package dev.emergence.plan;

import dev.emergence.spec.RunConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** A run's identity: what decides its result, and nothing else. */
public final class RunId {
  /**
   * Number of the numerics. It is raised on purpose when the same configuration and seed give other
   * results than before (another sampler, another initialisation, a corrected gradient); stored
   * runs of another number are then stale.
   */
  public static final int NUMERICS = 1;

  /** Hexadecimal digits of an id. */
  public static final int DIGITS = 16;

  private RunId() {}

  /** The first 16 hex digits of the SHA-256 of {@link #canonical}. */
  public static String of(RunConfig config, int seed) {
    return digest(canonical(config, seed));
  }

  static String digest(String text) {
    return HexFormat.of().formatHex(sha256(text)).substring(0, DIGITS);
  }

  /** Canonical JSON of {identity of the configuration, seed, numerics}. */
  public static String canonical(RunConfig config, int seed) {
    return CanonicalJson.of(
        Map.of("config", SpecTree.identityOf(config), "seed", seed, "numerics", NUMERICS));
  }

  /** Whether a text is the beginning of ids under which their folders are grouped. */
  public static boolean isGroup(String text) {
    return text.matches("[0-9a-f]{2}");
  }

  /**
   * An id as tables show it, with a letter in front: other programs take some ids for numbers, such
   * as {@code 2346180788564372} and {@code 049175787e481770}.
   */
  public static String label(String id) {
    return "r" + id;
  }

  /** Whether a text has the form of an id. */
  public static boolean isId(String text) {
    return text.matches("[0-9a-f]{" + DIGITS + "}");
  }

  /**
   * The seed a condition's own streams are drawn from when seeds are not paired: equal
   * configurations get equal ones, different configurations independent ones.
   */
  static int unpaired(RunConfig config, int seed) {
    byte[] hash = sha256("unpaired " + canonical(config, seed));
    return ((hash[0] & 0x7F) << 24)
        | ((hash[1] & 0xFF) << 16)
        | ((hash[2] & 0xFF) << 8)
        | (hash[3] & 0xFF);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
