package dev.emergence.execute.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GresTest {
  private static boolean fits(String wanted, String node) {
    return Gres.list(wanted).stream().allMatch(one -> one.fits(Gres.list(node)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "gpu gpu:a100:4(S:0-1)",
        "gpu:4 gpu:a100:4(S:0,2)",
        "gpu:a100 gpu:a100:4",
        "gpu:a100:2 gpu:v100:2,gpu:a100:2(IDX:0-1)",
        "gpu:4 gpu:v100:2,gpu:a100:2",
        "gpu:1,shard:8 gpu:1,shard:8",
        "gpu:1g.5gb:1 gpu:1g.5gb:7",
        "craynetwork craynetwork:no_consume:4",
        "scratch:3G scratch:4G",
      })
  void what_a_node_offers_fits(String wanted, String node) {
    assertThat(fits(wanted, node)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "gpu (null)",
        "gpu:8 gpu:a100:4(S:0-1)",
        "gpu:h100:1 gpu:a100:4",
        "gpu:a100:3 gpu:v100:2,gpu:a100:2",
        "gpu mygpu:4",
        "gpu:1,shard:9 gpu:1,shard:8",
        "scratch:3G scratch:4M",
      })
  void what_a_node_does_not_offer_does_not(String wanted, String node) {
    assertThat(fits(wanted, node)).isFalse();
  }

  /** Slurm then says itself whether it understands. */
  @Test
  void what_is_written_in_another_way_is_not_judged() {
    assertThat(fits("gpu=2", "gpu:a100:4")).isTrue();
  }
}
