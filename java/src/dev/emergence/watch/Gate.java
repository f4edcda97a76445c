package dev.emergence.watch;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask. A page that someone visits can reach a port of this machine, so that the loopback
 * address alone is no lock: the address holds a secret of 128 bits, the host must be this machine's
 * name for itself, and other pages' requests are refused.
 */
final class Gate {
  private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final int LONGEST = 8192;

  private final String token;

  Gate() {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    token = HexFormat.of().formatHex(random);
  }

  /** The secret part of the address: 32 hex digits. */
  String token() {
    return token;
  }

  /** An HTTP status with which the request is refused; empty when it may go on. */
  Optional<Integer> refusal(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String path = exchange.getRequestURI().getRawPath();
    if (!isHere(headers.getFirst("Host"))) {
      return Optional.of(403);
    }
    if (!isOwn(headers)) {
      return Optional.of(403);
    }
    if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
      return Optional.of(405);
    }
    boolean plain =
        path != null
            && exchange.getRequestURI().toString().length() <= LONGEST
            && path.matches("/[A-Za-z0-9/._-]*")
            && !path.contains("//")
            && !path.contains("..");
    String given = plain && path.length() > 33 ? path.substring(1, 33) : "";
    boolean known =
        MessageDigest.isEqual(
            given.getBytes(StandardCharsets.US_ASCII), token.getBytes(StandardCharsets.US_ASCII));
    return known && path.charAt(33) == '/' ? Optional.empty() : Optional.of(404);
  }

  /** Any port: a tunnel changes it. */
  private static boolean isHere(String host) {
    return host != null && HOSTS.contains(host.replaceFirst(":\\d{1,5}$", ""));
  }

  private static boolean isOwn(Headers headers) {
    String origin = headers.getFirst("Origin");
    boolean same =
        origin == null
            || (origin.startsWith("http://")
                && isHere(origin.substring("http://".length()))
                && origin.equals("http://" + headers.getFirst("Host")));
    String site = headers.getFirst("Sec-Fetch-Site");
    return same && (site == null || List.of("same-origin", "none").contains(site));
  }
}
