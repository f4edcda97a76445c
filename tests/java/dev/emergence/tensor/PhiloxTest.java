package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The known answers that Random123 publishes for philox4x32-10 (its kat_vectors file). */
class PhiloxTest {

  @Test
  void counter_and_key_of_zeros_give_the_published_words() {
    assertThat(block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  }

  @Test
  void counter_and_key_of_ones_give_the_published_words() {
    assertThat(block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  }

  @Test
  void digits_of_pi_give_the_published_words() {
    assertThat(block(0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  private static int[] block(int k0, int k1, int c0, int c1, int c2, int c3) {
    int[] words = {c0, c1, c2, c3};
    Philox.block(k0, k1, words);
    return words;
  }
}
