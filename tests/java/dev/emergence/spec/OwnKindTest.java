package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A task and an architecture of somebody else: all that is asked of them is answered. */
class OwnKindTest {
  @Kind(value = "copy_token", doc = "The class is the token at a place.")
  record CopyToken(int length) implements TaskSpec {
    @Override
    public Prediction predicts() {
      return Prediction.ofLast(length, 5, true, 5, Loss.CROSS_ENTROPY);
    }
  }

  @Kind(value = "average", doc = "The mean of the tokens through one linear map.")
  record Average() implements ArchitectureSpec {
    @Override
    public Method method() {
      return Method.TRAINED;
    }

    @Override
    public int heads() {
      return 0;
    }

    @Override
    public Work work(Prediction task) {
      return new Work((long) task.inputs() * task.outputs(), 1, 1);
    }
  }

  private static RunConfig config(Map<String, Object> repetition, Map<String, Object> measurement) {
    return new RunConfig(
        new CopyToken(8),
        Defaults.with(RepetitionSpec.class, repetition),
        new Average(),
        Defaults.with(TrainingSpec.class, Map.of()),
        Defaults.with(MeasurementSpec.class, measurement));
  }

  @Test
  void a_task_of_classes_has_an_accuracy_and_nothing_else_to_declare() {
    assertThat(Metrics.of(config(Map.of(), Map.of())))
        .containsExactly("test.loss", "test.accuracy", "train.loss", "train.accuracy");
  }

  @Test
  void data_that_do_not_repeat_cannot_be_told_to() {
    assertThatThrownBy(() -> config(Map.of("in_context", 2), Map.of()))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("the data of copy_token do not repeat");
    assertThatThrownBy(() -> config(Map.of("cross_sample", 0.5), Map.of()))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("the data of copy_token do not repeat");
    MeasurementSpec.TestSet repeated =
        Defaults.with(
            MeasurementSpec.TestSet.class, Map.of("cross_sample", java.util.Optional.of(0.5)));
    assertThatThrownBy(() -> config(Map.of(), Map.of("test_sets", Map.of("test", repeated))))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("the data of copy_token do not repeat");
  }

  @Test
  void nothing_is_recorded_of_attention_that_is_not_there() {
    MeasurementSpec.Attention entropy =
        Defaults.with(
            MeasurementSpec.Attention.class, Map.of("record", List.of(AttentionRecord.ENTROPY)));
    assertThatThrownBy(() -> config(Map.of(), Map.of("attention", entropy)))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("has no heads");
  }

  @Test
  void only_the_toy_flows() {
    OptimizerSpec flow = Defaults.with(OptimizerSpec.GradientFlow.class, Map.of());
    assertThatThrownBy(
            () ->
                new RunConfig(
                    new CopyToken(8),
                    Defaults.with(RepetitionSpec.class, Map.of()),
                    new Average(),
                    Defaults.with(TrainingSpec.class, Map.of("optimizer", flow)),
                    Defaults.with(MeasurementSpec.class, Map.of())))
        .hasMessageContaining("gradient_flow integrates the toy architecture only");
  }

  @Test
  void a_catalog_that_forgets_a_kind_is_not_made() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Catalog.complete(
                    "task", TaskSpec.class, Map.of(TaskSpec.LinearRegression.class, "here")))
        .withMessageContaining("no entry for task")
        .withMessageContaining("associative_recall");
  }

  @Test
  void a_catalog_names_what_it_knows() {
    Catalog<ScheduleSpec, String> catalog =
        Catalog.complete(
            "schedule",
            ScheduleSpec.class,
            Map.of(ScheduleSpec.Cosine.class, "c"),
            Map.of(ScheduleSpec.Constant.class, "has no end"));
    assertThatCode(() -> catalog.of(new ScheduleSpec.Cosine(0, 1, 0))).doesNotThrowAnyException();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> catalog.of(new ScheduleSpec.Constant(0)))
        .withMessage("schedule 'constant' has no end; known: cosine");
  }
}
