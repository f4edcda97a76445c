package dev.emergence.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Who works on which run, among all processes that share a results folder: a file {@code ID.claim}
 * beside the run, made in one step that only one process can win. No lock of the file system is
 * relied on.
 *
 * <p>A claim is stale when its process is gone, as far as that can be seen from here, or when it
 * has not been renewed for ten minutes of the file server's clock, as that of a process which was
 * stopped. A claim that is taken for stale by mistake does no harm: see {@link RunFolder}.
 */
public final class Claims implements AutoCloseable {
  /** How old a claim of another machine may grow. */
  public static final Duration STALE = Duration.ofMinutes(10);

  private static final Duration RENEWAL = Duration.ofSeconds(30);

  private final ResultsFolder results;
  private final Disk disk;
  private final ProcessIdentity me;
  private final Map<String, Claim> held = new ConcurrentHashMap<>();
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "emergence-claims");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Claims of a process.
   *
   * @param me tells it from others
   */
  public Claims(ResultsFolder results, ProcessIdentity me) {
    this.results = results;
    this.disk = results.disk();
    this.me = me;
    renewals.scheduleAtFixedRate(
        this::renewAll, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Takes a run, unless somebody alive has it.
   *
   * @param id a run's, or {@link StudyFolder#claim} for what a study finds in one
   * @return empty when it is taken
   */
  public Optional<Claim> take(String id) throws IOException {
    Path file = file(results, id);
    Inside.require(results.root(), file.getParent());
    disk.createDirectories(file.getParent());
    boolean inherited = false;
    while (true) {
      try {
        disk.createNew(file, content());
        Claim claim = new Claim(id, inherited);
        held.put(id, claim);
        return Optional.of(claim);
      } catch (FileAlreadyExistsException e) {
        Burial burial = isLive(file) ? Burial.LIVE : bury(file);
        if (burial == Burial.LIVE) {
          return Optional.empty();
        }
        inherited |= burial == Burial.BURIED;
      }
    }
  }

  /**
   * Says that the work on a run moves on; without it its claim is no longer renewed, and others
   * take over.
   */
  public void moved(String id) {
    Claim claim = held.get(id);
    if (claim != null) {
      claim.lastMoved = System.nanoTime();
    }
  }

  /** Whether somebody alive works on a run. Reads, and on a foreign claim touches a probe file. */
  public static boolean isTaken(ResultsFolder results, String id) {
    Path file = file(results, id);
    try {
      return Files.exists(file) && new Liveness(results).isLive(file);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether somebody alive seems to work on a run, told without touching anything: a claim of
   * another machine is compared with this machine's clock.
   */
  public static boolean seemsTaken(ResultsFolder results, String id) {
    Path file = file(results, id);
    try {
      return Files.exists(file) && new Liveness(results).seemsLive(file);
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the claim of a process that is gone. Only for its keeper. */
  public static void release(ResultsFolder results, String id, long pid) throws IOException {
    Path file = file(results, id);
    try {
      if (ProcessIdentity.of(Json.read(file)).pid() == pid) {
        results.disk().delete(file);
      }
    } catch (Damaged e) {
      // There is none, or it is somebody else's.
      return;
    }
  }

  /** Not when another has taken this process for dead, and the run from it. */
  private boolean isMine(Path file) {
    try {
      return ProcessIdentity.of(Json.read(file)).equals(me);
    } catch (Damaged e) {
      return false;
    }
  }

  private boolean isLive(Path file) throws IOException {
    return new Liveness(results).isLive(file);
  }

  private static Path file(ResultsFolder results, String id) {
    return results.claim(id);
  }

  private byte[] content() {
    Map<String, Object> tree = new LinkedHashMap<>(me.tree());
    tree.put("since", Instant.now().toString());
    return Json.line(tree).getBytes(StandardCharsets.UTF_8);
  }

  /** What came of removing a claim. */
  private enum Burial {
    /** It was stale and is gone. */
    BURIED,
    /** It had been given back already. */
    GONE,
    /** It was another one by then, of somebody alive, and has been put back. */
    LIVE
  }

  private Burial bury(Path file) throws IOException {
    Path grave =
        file.resolveSibling(file.getFileName() + ".stale-" + me.pid() + "-" + System.nanoTime());
    try {
      disk.move(file, grave);
    } catch (NoSuchFileException e) {
      return Burial.GONE;
    }
    boolean live = isLive(grave);
    if (live) {
      putBack(grave, file);
    }
    disk.delete(grave);
    return live ? Burial.LIVE : Burial.BURIED;
  }

  private void putBack(Path grave, Path file) throws IOException {
    try {
      disk.createNew(file, Files.readAllBytes(grave));
    } catch (FileAlreadyExistsException e) {
      // A third one has it already.
      return;
    }
  }

  private void renewAll() {
    for (Claim claim : held.values()) {
      claim.renew();
    }
  }

  /** Gives back everything. */
  @Override
  public void close() throws IOException {
    renewals.shutdownNow();
    for (Claim claim : held.values()) {
      claim.close();
    }
  }

  /** A run that this process works on. */
  public final class Claim implements AutoCloseable {
    private final String id;
    private final boolean inherited;
    private volatile long lastMoved = System.nanoTime();

    private Claim(String id, boolean inherited) {
      this.id = id;
      this.inherited = inherited;
    }

    /** The run's id. */
    public String id() {
      return id;
    }

    /** Whether the one who had it before died over it. */
    public boolean isInherited() {
      return inherited;
    }

    private synchronized void renew() {
      if (System.nanoTime() - lastMoved > STALE.toNanos()) {
        return;
      }
      try {
        // Written in place, so that the file server's own clock stamps it.
        if (isMine(file(results, id))) {
          Files.write(file(results, id), content());
        }
      } catch (IOException e) {
        // Others may take it for stale; that does no harm.
        return;
      }
    }

    /** Gives the run back. */
    @Override
    public synchronized void close() throws IOException {
      if (held.remove(id, this) && isMine(file(results, id))) {
        disk.delete(file(results, id));
      }
    }
  }
}
