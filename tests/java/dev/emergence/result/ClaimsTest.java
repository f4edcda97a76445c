package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTest {
  private static final String ID = Runs.RUN.id();
  private static final ProcessIdentity ME = ProcessIdentity.current();

  @TempDir Path temp;
  private ResultsFolder results;
  private Path file;

  @BeforeEach
  void open() {
    results = ResultsFolder.open(temp, new QuickDisk());
    file = results.run(ID).path().resolveSibling(ID + ".claim");
  }

  private void claimedBy(ProcessIdentity holder) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, Json.line(holder.tree()));
  }

  private Optional<Claims.Claim> take() throws IOException {
    return new Claims(results, ME).take(ID);
  }

  @Test
  void a_run_has_one_holder_until_it_is_given_back() throws Exception {
    Claims.Claim claim = take().orElseThrow();
    assertThat(claim.isInherited()).isFalse();
    assertThat(take()).isEmpty();
    assertThat(Claims.isTaken(results, ID)).isTrue();
    claim.close();
    assertThat(Claims.isTaken(results, ID)).isFalse();
    assertThat(take()).isPresent();
  }

  @Test
  void of_many_who_try_at_once_one_wins() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int round = 0; round < 20; round++) {
      Callable<Boolean> attempt = () -> take().isPresent();
      int winners = 0;
      for (Future<Boolean> won :
          threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> attempt).toList())) {
        winners += won.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
      Files.delete(file);
    }
    threads.shutdown();
  }

  @Test
  void a_dead_process_of_this_machine_is_succeeded_at_once() throws Exception {
    for (ProcessIdentity dead :
        new ProcessIdentity[] {
          new ProcessIdentity(ME.machine(), ME.boot(), 4194305, "1", "", ""),
          new ProcessIdentity(ME.machine(), ME.boot(), ME.pid(), "another start", "", ""),
          new ProcessIdentity(ME.machine(), "another boot", ME.pid(), ME.start(), "", "")
        }) {
      claimedBy(dead);
      Claims.Claim claim = take().orElseThrow();
      assertThat(claim.isInherited()).as(dead.toString()).isTrue();
      claim.close();
    }
  }

  @Test
  void a_dead_process_whose_keeper_lives_is_left_to_the_keeper() throws Exception {
    String keeper = ME.pid() + " " + ME.start();
    claimedBy(new ProcessIdentity(ME.machine(), ME.boot(), 4194305, "1", "", keeper));
    assertThat(take()).isEmpty();
    Claims.release(results, ID, 17);
    assertThat(take()).isEmpty();
    Claims.release(results, ID, 4194305);
    assertThat(take().orElseThrow().isInherited()).isFalse();
  }

  /** So long ago. */
  private void renewed(Duration ago) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(ago)));
  }

  @Test
  void another_machines_claim_holds_until_it_has_not_been_renewed_for_ten_minutes()
      throws Exception {
    claimedBy(new ProcessIdentity("elsewhere", "boot", 1, "1", "", ""));
    assertThat(take()).isEmpty();
    renewed(Claims.STALE.minusSeconds(30));
    assertThat(take()).isEmpty();
    renewed(Claims.STALE.plusSeconds(1));
    assertThat(take().orElseThrow().isInherited()).isTrue();
  }

  @Test
  void a_living_process_that_was_stopped_loses_its_claim_after_ten_minutes() throws Exception {
    claimedBy(ME);
    renewed(Claims.STALE.minusSeconds(30));
    assertThat(take()).isEmpty();
    renewed(Claims.STALE.plusSeconds(1));
    assertThat(take().orElseThrow().isInherited()).isTrue();
  }

  @Test
  void a_half_written_claim_holds_until_it_is_old() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"machi");
    assertThat(take()).isEmpty();
    renewed(Claims.STALE.plusSeconds(1));
    assertThat(take()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "keeper, x y",
    "keeper, 99999999999999999999 1",
    "machine,",
    "boot,",
    "pid,",
    "pid, x",
    "start,"
  })
  void a_claim_that_names_no_process_holds_until_it_is_old(String key, String value)
      throws Exception {
    Map<String, Object> tree = ME.tree();
    tree.put("boot", "another boot");
    tree.put(key, value);
    Files.createDirectories(file.getParent());
    Files.writeString(file, Json.line(tree));
    assertThat(Claims.seemsTaken(results, ID)).isTrue();
    assertThat(take()).isEmpty();
    Claims.release(results, ID, ME.pid());
    assertThat(take()).isEmpty();
    renewed(Claims.STALE.plusSeconds(1));
    assertThat(take()).isPresent();
  }

  @Test
  void a_wrong_clock_of_this_machine_declares_nobody_dead_early() throws Exception {
    // The file server's clock is hours away from ours; claims and probes are both stamped by it.
    for (Duration skew : List.of(Duration.ofHours(-5), Duration.ofHours(5))) {
      Instant server = Instant.now().plus(skew);
      ResultsFolder seen =
          ResultsFolder.open(
              temp,
              new QuickDisk() {
                @Override
                public FileTime now(Path folder) {
                  return FileTime.from(server);
                }
              });
      for (long age : new long[] {0, 30, Claims.STALE.toSeconds() - 1}) {
        claimedBy(new ProcessIdentity("elsewhere", "boot", 1, "1", "", ""));
        Files.setLastModifiedTime(file, FileTime.from(server.minusSeconds(age)));
        assertThat(new Claims(seen, ME).take(ID)).as("skew %s, age %d s", skew, age).isEmpty();
      }
      Files.setLastModifiedTime(file, FileTime.from(server.minus(Claims.STALE).minusSeconds(1)));
      assertThat(new Claims(seen, ME).take(ID)).as("skew %s", skew).isPresent();
      Files.delete(file);
    }
  }

  @Test
  void a_claim_that_another_has_taken_over_is_neither_renewed_nor_given_back() throws Exception {
    Claims.Claim mine = take().orElseThrow();
    ProcessIdentity other = new ProcessIdentity("elsewhere", "boot", 1, "1", "", "");
    claimedBy(other);
    mine.close();
    assertThat(ProcessIdentity.of(Json.read(file))).isEqualTo(other);
  }

  @Test
  void this_process_knows_itself_alive() {
    assertThat(ME.isHere()).isTrue();
    assertThat(ME.isAlive()).isTrue();
    assertThat(ME.start()).isNotEmpty();
  }

  @Test
  void closing_gives_everything_back() throws Exception {
    Claims claims = new Claims(results, ME);
    claims.take(ID);
    claims.close();
    assertThat(file).doesNotExist();
  }
}
