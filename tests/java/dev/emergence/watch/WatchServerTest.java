package dev.emergence.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.page.Folders;
import dev.emergence.page.Snapshot;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import dev.emergence.result.LiveRows;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server answers, what it refuses, and that it changes nothing. */
class WatchServerTest {
  @TempDir Path root;

  private Plan plan;
  private ResultsFolder folder;
  private WatchServer server;
  private URI address;

  @BeforeEach
  void start() throws Exception {
    plan = Folders.mixed(root, Folders.PLANE);
    folder = ResultsFolder.open(root, Disk.local());
    server = WatchServer.start(plan, folder, 0, Duration.ofMillis(50));
    address = URI.create(server.address());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Status line, headers and body of a request sent as it is. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), address.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String ask(String method, String path, String... headers) throws IOException {
    StringBuilder out = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    boolean host = Stream.of(headers).noneMatch(h -> h.startsWith("Host:"));
    out.append(host ? "Host: 127.0.0.1:" + address.getPort() + "\r\n" : "");
    Stream.of(headers).forEach(h -> out.append(h).append("\r\n"));
    return raw(out.append("Connection: close\r\n\r\n").toString());
  }

  private String get(String name, String... headers) throws IOException {
    return ask("GET", address.getPath() + name, headers);
  }

  private static int status(String answer) {
    return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ")[1]);
  }

  private Map<String, Object> json(String name) throws Exception {
    String answer = get(name);
    assertThat(status(answer)).as(name).isEqualTo(200);
    return Json.read(answer.substring(answer.indexOf("\r\n\r\n") + 4), name);
  }

  @Test
  void the_page_and_its_data_are_answered_with_their_guards() throws Exception {
    String page = get("");
    assertThat(status(page)).isEqualTo(200);
    String headers = page.substring(0, page.indexOf("\r\n\r\n")).toLowerCase();
    assertThat(headers)
        .contains("content-security-policy: default-src 'none'; script-src 'sha256-")
        .contains("connect-src 'self'", "frame-ancestors 'none'", "no-store", "nosniff")
        .contains("x-frame-options: deny", "referrer-policy: no-referrer")
        .doesNotContain("access-control");
    Map<String, Object> snapshot = json("snapshot");
    assertThat((List<?>) snapshot.get("runs")).hasSize(18);
    assertThat(json("curves?metric=test.loss&points=50").get("runs")).asList().hasSize(16);
    String id = plan.runs().get(0).id();
    assertThat(json("run/" + id)).containsKeys("settings", "provenance", "log");
    assertThat(json("run/" + id + "/film")).containsKeys("pictures", "relevant");
    assertThat(get("run/" + id + "/curve.csv")).contains("step,test.loss,attention.relevant");
    assertThat(status(ask("HEAD", address.getPath()))).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/00000000000000000000000000000000/",
        "/00000000000000000000000000000000/snapshot",
        "TOKEN/../../../../etc/passwd",
        "TOKEN/..%2f..%2fresolved.json",
        "TOKEN/%2e%2e/resolved.json",
        "TOKEN/resolved.json",
        "TOKEN/run/../../resolved.json",
        "TOKEN/run/0000000000000000",
        "TOKEN/run/x/film",
        "TOKEN//snapshot",
        "TOKEN/snapshot/",
        "TOKEN/snapshot%00",
        "TOKEN\\snapshot",
        "TOKENx/snapshot",
        "TOKEN"
      })
  void other_addresses_are_nowhere(String path) throws Exception {
    String token = address.getPath().substring(0, 33);
    int status = status(ask("GET", path.replace("TOKEN", token)));
    assertThat(status).isIn(404, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: example.com",
        "Host: 127.0.0.1.example.com:80",
        "Host: rebound.example:8080",
        "Origin: http://example.com",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void other_hosts_and_pages_are_refused(String header) throws Exception {
    assertThat(status(get("snapshot", header))).isEqualTo(403);
    assertThat(get("snapshot", header)).doesNotContain("fabricated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void nothing_but_reading_is_possible(String method) throws Exception {
    assertThat(status(ask(method, address.getPath() + "snapshot"))).isEqualTo(405);
  }

  @Test
  void it_listens_on_the_loopback_address_only_and_with_a_new_secret_each_time() throws Exception {
    assertThat(server.address()).matches("http://127\\.0\\.0\\.1:\\d+/[0-9a-f]{32}/");
    try (WatchServer other = WatchServer.start(plan, folder, 0, Duration.ofHours(1))) {
      String own = URI.create(other.address()).getPath();
      assertThat(own).isNotEqualTo(address.getPath());
      assertThat(status(ask("GET", own))).isEqualTo(404);
    }
  }

  @Test
  void watching_changes_nothing_in_the_folder() throws Exception {
    Map<String, String> before = state();
    for (String name : List.of("", "snapshot", "curves?metric=test.loss")) {
      get(name);
    }
    for (PlannedRun run : plan.runs()) {
      get("run/" + run.id());
      get("run/" + run.id() + "/film");
    }
    Thread.sleep(300); // some more looks
    assertThat(state()).isEqualTo(before);
  }

  /** Every file and folder with its time and content. */
  private Map<String, String> state() throws IOException {
    Map<String, String> out = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        String content =
            Files.isRegularFile(path)
                ? new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1)
                : "";
        out.put(path.toString(), Files.getLastModifiedTime(path) + content);
      }
    }
    return out;
  }

  @Test
  void a_snapshot_and_all_patches_make_the_next_snapshot() throws Exception {
    Watched watched = new Watched(plan, folder, "");
    watched.look();
    Map<String, Object> told = watched.snapshot();
    PlannedRun left = plan.runs().get(5);
    LiveRows live = folder.run(left.id()).liveRows();
    List<Runnable> changes = new ArrayList<>();
    changes.add(() -> Folders.append(live, left, 90, 120));
    changes.add(() -> store(plan.runs().get(7)));
    changes.add(() -> {});
    changes.add(() -> store(left));
    for (Runnable change : changes) {
      change.run();
      Map<String, Object> patch = watched.look();
      told = apply(told, patch);
      assertThat(told).isEqualTo(watched.snapshot());
    }
    // Laws are fitted again only now and then.
    String fresh = comparable(fresh());
    for (int look = 0; look < 200 && !comparable(told).equals(fresh); look++) {
      Thread.sleep(100);
      told = apply(told, watched.look());
    }
    assertThat(comparable(told).equals(fresh)).as("the same as a fresh snapshot").isTrue();
  }

  private Map<String, Object> fresh() {
    Watched again = new Watched(plan, folder, "");
    again.look();
    again.look();
    return again.snapshot();
  }

  private void store(PlannedRun run) {
    try {
      Folders.store(folder, run, Outcome.State.COMPLETE, "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Without what depends on the reader: versions count what it has seen. */
  private static String comparable(Map<String, Object> snapshot) {
    Map<String, Object> out = new LinkedHashMap<>(snapshot);
    out.keySet().removeAll(List.of("seq", "as_of", "live"));
    return Json.line(out).replaceAll("\"version\":\\d+", "");
  }

  private static Map<String, Object> apply(Map<String, Object> before, Map<String, Object> patch) {
    Map<String, Object> out = new LinkedHashMap<>(before);
    List<Object> runs = new ArrayList<>((List<?>) before.get("runs"));
    patch.forEach(out::put);
    for (Object changed : (List<?>) patch.getOrDefault("runs", List.of())) {
      Object id = ((Map<?, ?>) changed).get("id");
      runs.replaceAll(run -> ((Map<?, ?>) run).get("id").equals(id) ? changed : run);
    }
    out.put("runs", runs);
    return out;
  }

  @Test
  void a_report_has_the_snapshot_that_a_watcher_has() throws Exception {
    Folders.report(root, plan);
    String html = Files.readString(root.resolve("report.html"));
    String mark = "<script type=\"application/json\" id=\"snapshot\">";
    int from = html.indexOf(mark) + mark.length();
    Map<String, Object> stored =
        Json.read(html.substring(from, html.indexOf("</script>", from)), "report");
    Map<String, Object> watched = Json.read(Json.line(fresh()), "watched");
    assertThat(comparable(stored)).isEqualTo(comparable(watched));
    // The same input gives the same bytes.
    Folders.report(root, plan);
    assertThat(Files.readString(root.resolve("report.html"))).isEqualTo(html);
    // Readable without script: what was expected and what came out stands in tables.
    assertThat(html).contains("<h2>Emergence times</h2>", "<h2 id=\"law-title\">Laws</h2>");
  }

  @Test
  void the_head_of_the_stream_is_answered_without_the_stream() throws Exception {
    Logger logger = Logger.getLogger("com.sun.net.httpserver");
    List<String> warnings = new CopyOnWriteArrayList<>();
    Handler listener =
        new StreamHandler() {
          @Override
          public void publish(LogRecord record) {
            warnings.add(record.getMessage());
          }
        };
    logger.addHandler(listener);
    try {
      String answer = ask("HEAD", address.getPath() + "events");
      assertThat(status(answer)).isEqualTo(200);
      assertThat(answer).contains("text/event-stream").endsWith("\r\n\r\n");
      assertThat(warnings).isEmpty();
    } finally {
      logger.removeHandler(listener);
    }
  }

  @Test
  void streams_are_bounded_and_those_beyond_are_told_so() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      List<Integer> answers = new ArrayList<>();
      for (int i = 0; i < 34; i++) {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), address.getPort());
        open.add(socket);
        socket.setSoTimeout(20_000);
        String request = "GET " + address.getPath() + "events HTTP/1.1\r\nHost: localhost\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        byte[] line = socket.getInputStream().readNBytes(12);
        answers.add(status(new String(line, StandardCharsets.ISO_8859_1)));
      }
      assertThat(answers.subList(0, 32)).containsOnly(200);
      assertThat(answers.subList(32, 34)).containsOnly(503);
      assertThat(status(get("snapshot"))).isEqualTo(200);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void a_listener_hears_changes_and_one_who_missed_too_many_is_told_to_ask_again()
      throws Exception {
    Events events = new Events();
    Events.Listener slow = events.listen(-1);
    for (int i = 1; i <= 2000; i++) {
      events.send(new Events.Event(i, "{}"));
    }
    assertThat(slow.fellBehind()).isTrue();
    assertThat(slow.fellBehind()).isFalse();
    assertThat(events.listen(500).fellBehind()).as("forgotten by now").isTrue();
    Events.Listener back = events.listen(1990);
    assertThat(back.fellBehind()).isFalse();
    assertThat(back.next(1).orElseThrow().seq()).isEqualTo(1991);
  }

  @Test
  void an_unreadable_run_is_said_and_the_rest_is_shown() throws Exception {
    Path broken = folder.run(plan.runs().get(0).id()).path().resolve("result.json");
    Files.writeString(broken, "{\"torn\"");
    Watched watched = new Watched(plan, folder, "");
    watched.look();
    String all = Json.line(watched.snapshot());
    assertThat(all).contains("\"state\":\"damaged\"").contains("result.json");
    assertThat(Snapshot.patch(watched.snapshot(), watched.snapshot())).isEmpty();
  }
}
