package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.emergence.spec.TaskSpec.AssociativeRecall;
import dev.emergence.spec.TaskSpec.LinearRegression;
import dev.emergence.spec.TaskSpec.QueryPlacement;
import dev.emergence.spec.TaskSpec.RelevantPosition;
import dev.emergence.spec.TaskSpec.SpecialToken;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionTest {
  private static Prediction next(Span scored, Slice... slices) {
    return new Prediction(8, 2, true, 2, Loss.CROSS_ENTROPY, scored, List.of(slices));
  }

  @Test
  void recall_scores_the_query_at_the_end() {
    Prediction p = new AssociativeRecall(3, 7, QueryPlacement.EXACTLY).predicts();
    assertThat(p)
        .isEqualTo(new Prediction(7, 7, true, 7, Loss.CROSS_ENTROPY, new Span(6, 1), List.of()));
    assertThat(p.lastOnly()).isTrue();
  }

  @Test
  void the_relevant_feature_is_one_more_input_of_regression() {
    LinearRegression with =
        new LinearRegression(5, 4, RelevantPosition.LAST, true, SpecialToken.UNIT, false);
    LinearRegression without =
        new LinearRegression(5, 4, RelevantPosition.LAST, false, SpecialToken.UNIT, false);
    assertThat(with.predicts().inputs()).isEqualTo(6);
    assertThat(without.predicts().inputs()).isEqualTo(5);
    assertThat(without.predicts().loss().metrics()).containsExactly("loss");
  }

  @Test
  void scored_positions_lie_in_the_sequence() {
    assertThatNoException().isThrownBy(() -> next(new Span(0, 8)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> next(new Span(1, 8)))
        .withMessage("positions up to 8 are scored, but the length is 8");
  }

  @Test
  void slices_lie_among_the_scored_targets() {
    assertThatNoException().isThrownBy(() -> next(new Span(0, 7), new Slice("row.1", 2, 2, 4)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> next(new Span(0, 7), new Slice("row.1", 3, 2, 4)))
        .withMessage("slice row.1 reaches target 7, but there are 7 scored targets");
  }

  @Test
  void slices_have_names_of_their_own() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> next(new Span(0, 7), new Slice("out", 0, 1, 1), new Slice("out", 1, 1, 1)))
        .withMessageStartingWith("two slices have the same name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Slice("row 1", 0, 1, 1))
        .withMessage("a slice is named by lower-case words with dots between, got 'row 1'");
  }
}
