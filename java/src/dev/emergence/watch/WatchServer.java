package dev.emergence.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.emergence.page.CurveData;
import dev.emergence.page.Document;
import dev.emergence.page.RunView;
import dev.emergence.plan.Plan;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * Shows a results folder to a browser on this machine and says what changes in it. Listens on the
 * loopback address only, answers GET and HEAD only, and writes nothing anywhere.
 */
public final class WatchServer implements AutoCloseable {
  private static final int MOST_REQUESTS = 64;
  private static final int MOST_STREAMS = 32;
  private static final int BEAT_SECONDS = 10;

  /** Looks without a change after which only one in {@link #REST} is made. */
  private static final int QUIET = 60;

  private static final int LAST_SECONDS = 2;
  private static final int REST = 5;

  private final Gate gate = new Gate();
  private final Shown watched;
  private final Events events = new Events();
  private final HttpServer server;
  private final ExecutorService workers;
  private int quiet;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(WatchServer::daemon);

  private WatchServer(Shown shown, int port) throws IOException {
    // Without it a kept connection waits 40 ms for each answer (JDK-6968351).
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    watched = shown;
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 64);
    workers =
        new ThreadPoolExecutor(
            0, MOST_REQUESTS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), WatchServer::daemon);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
  }

  /** A folder to show. */
  public record Folder(String label, Plan plan, ResultsFolder results) {}

  /**
   * Begins to watch one folder.
   *
   * @param port 0 for any that is free
   * @param every time between two looks at the folder; five times as long while nothing moves
   * @throws IOException when the port cannot be had
   */
  public static WatchServer start(Plan plan, ResultsFolder results, int port, Duration every)
      throws IOException {
    return start(List.of(new Folder("", plan, results)), port, every);
  }

  /**
   * Begins to watch one folder or several, on one page.
   *
   * @param folders with labels that differ
   * @param port 0 for any that is free
   * @param every time between two looks at the folders; five times as long while nothing moves
   * @throws IOException when the port cannot be had
   */
  public static WatchServer start(List<Folder> folders, int port, Duration every)
      throws IOException {
    WatchServer out = new WatchServer(shown(folders), port);
    out.watched.look();
    out.server.start();
    out.clock.scheduleWithFixedDelay(
        out::look, every.toMillis() / 10, every.toMillis(), TimeUnit.MILLISECONDS);
    return out;
  }

  private static Shown shown(List<Folder> folders) {
    if (folders.size() == 1) {
      return new Watched(folders.get(0).plan(), folders.get(0).results(), "");
    }
    List<Watched> members = new ArrayList<>();
    for (Folder folder : folders) {
      members.add(new Watched(folder.plan(), folder.results(), Together.prefix(members.size())));
    }
    return new Together(folders.stream().map(Folder::label).toList(), members);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "emergence-watch");
    thread.setDaemon(true);
    return thread;
  }

  /** Where a browser finds the page, secret included. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + gate.token() + "/";
  }

  private void look() {
    if (quiet > QUIET && quiet++ % REST != 0) {
      return;
    }
    quiet++;
    try {
      Map<String, Object> patch = watched.look();
      if (!patch.isEmpty()) {
        quiet = 0;
        events.send(new Events.Event((Long) patch.get("seq"), Json.line(patch)));
      }
    } catch (RuntimeException e) {
      // A folder that is renamed or unreadable now may be there again with the next look.
      return;
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional<Integer> refusal = gate.refusal(exchange);
      if (refusal.isPresent()) {
        answer(exchange, refusal.get(), "text/plain", "");
        return;
      }
      route(exchange, exchange.getRequestURI().getPath().substring(34));
    } catch (RuntimeException e) {
      answer(exchange, 500, "text/plain", "");
    }
  }

  /** Exact names only: nothing of a request ever becomes part of a file's name. */
  private void route(HttpExchange exchange, String name) throws IOException {
    Query query = Query.of(exchange);
    switch (name) {
      case "" -> answer(exchange, 200, "text/html", new Document(watched.name()).html(true));
      case "snapshot" -> json(exchange, watched.snapshot());
      case "curves" -> json(exchange, curves(query));
      case "rows" ->
          answer(exchange, 200, "text/csv", CurveData.rows(watched.runs(), query.metric()));
      case "events" -> stream(exchange, query);
      default -> run(exchange, name.split("/", -1), query);
    }
  }

  private Map<String, Object> curves(Query query) {
    Set<String> wanted = query.runs();
    return CurveData.of(
        watched.runs(),
        query.metric(),
        id -> wanted.isEmpty() || wanted.contains(id),
        query.points());
  }

  private void run(HttpExchange exchange, String[] name, Query query) throws IOException {
    boolean isRun = (name.length == 2 || name.length == 3) && name[0].equals("run");
    Optional<RunView> run = isRun ? watched.run(name[1]) : Optional.empty();
    String what = run.isEmpty() ? "none" : name.length == 2 ? "" : name[2];
    switch (what) {
      case "" -> json(exchange, watched.details(name[1]).orElseThrow());
      case "film" -> json(exchange, watched.film(name[1]).orElseThrow());
      case "curve.csv" ->
          answer(exchange, 200, "text/csv", CurveData.csv(run.orElseThrow(), query.until()));
      default -> answer(exchange, 404, "text/plain", "");
    }
  }

  private void json(HttpExchange exchange, Map<String, Object> object) throws IOException {
    answer(exchange, 200, "application/json", Json.line(object));
  }

  private static void headers(HttpExchange exchange, String type) {
    Map.of(
            "Content-Type", type + "; charset=utf-8",
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Content-Security-Policy", Document.policy(true))
        .forEach(exchange.getResponseHeaders()::set);
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    headers(exchange, type);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    List<String> accepted = exchange.getRequestHeaders().getOrDefault("Accept-Encoding", List.of());
    if (bytes.length > 1000 && !head && accepted.toString().contains("gzip")) {
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      exchange.sendResponseHeaders(status, 0);
      try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
        out.write(bytes);
      }
      return;
    }
    exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
    if (!head && bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Server-sent events until the listener leaves; a comment now and then shows whether it has. */
  private void stream(HttpExchange exchange, Query query) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head || events.listeners() >= MOST_STREAMS) {
      answer(exchange, head ? 200 : 503, head ? "text/event-stream" : "text/plain", "");
      return;
    }
    Events.Listener listener = events.listen(query.heard());
    try {
      headers(exchange, "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      write(out, "retry: 2000\n\n");
      while (!events.isClosed()) {
        if (listener.fellBehind()) {
          write(out, "event: reset\ndata: {}\n\n");
        }
        Optional<Events.Event> event = listener.next(BEAT_SECONDS);
        write(
            out,
            event
                .map(e -> "id: " + e.seq() + "\nevent: patch\ndata: " + e.json() + "\n\n")
                .orElse(": still here\n\n"));
      }
    } catch (IOException e) {
      // The browser has left.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      events.leave(listener);
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Tells open pages how the last run ended, and leaves them time to ask for its curve. */
  private void lastLook() throws InterruptedException {
    quiet = 0;
    look();
    boolean changed = quiet == 0;
    if (changed && events.listeners() > 0) {
      TimeUnit.SECONDS.sleep(LAST_SECONDS);
    }
  }

  /** Ends the watch after a last look; open pages say that they are not connected. */
  @Override
  public void close() {
    clock.shutdown();
    try {
      clock.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS);
      lastLook();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clock.shutdownNow();
    events.close();
    server.stop(0);
    workers.shutdownNow();
  }
}
