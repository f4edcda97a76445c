package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.FitSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example in the repository can be run as it stands, and with each of its profiles. */
class ExamplesTest {
  private static final Path FOLDER = Path.of("dsl-examples");
  private static final Pattern PROFILE = Pattern.compile("(?m)^profiles:\\n {2}([a-z]+):");

  /**
   * Five minutes on two cores that make 100 GFLOP/s together in these small models; a whole figure
   * may take four times as long.
   */
  private static final double LAPTOP_FLOPS = 4 * 5 * 60 * 100e9;

  static Stream<Arguments> files() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    try (Stream<Path> all = Files.walk(FOLDER)) {
      for (Path file :
          all.filter(p -> p.toString().endsWith(".yaml") && !p.getParent().endsWith("base"))
              .sorted()
              .toList()) {
        cases.add(Arguments.of(file, ""));
        Matcher profile = PROFILE.matcher(Files.readString(file));
        if (profile.find()) {
          cases.add(Arguments.of(file, profile.group(1)));
        }
      }
    }
    return cases.stream();
  }

  private static Reading read(Path file, String profile) {
    return SpecReader.read(
        file, profile.isEmpty() ? ReadOptions.none() : ReadOptions.none().withProfile(profile));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("files")
  void an_example_reads_without_a_word(Path file, String profile) throws IOException {
    Reading reading = read(file, profile);
    assertThat(reading.toText()).isEmpty();
    assertThat(reading.spec()).isPresent();
    assertThat(Files.readString(file))
        .as("an example begins with its question")
        .matches("(?s)# [^\\n]*\\?.*");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("files")
  void a_laptop_profile_is_for_a_laptop(Path file, String profile) {
    if (profile.equals("laptop")) {
      Plan plan = Planner.plan(read(file, profile).spec().orElseThrow());
      double flops =
          plan.runs().stream()
              .map(run -> run.cost())
              .mapToDouble(
                  c -> c.expectedSteps() * (c.stepFlops() + c.evaluations() * c.evaluationFlops()))
              .sum();
      assertThat(flops)
          .as("about %.1f minutes at 100 GFLOP/s", flops / 100e9 / 60)
          .isLessThan(LAPTOP_FLOPS);
    }
  }

  /**
   * A band that holds whatever comes says nothing. Bands leave out the exponent 0, which a model
   * that does not feel its task would give, unless they claim just that; those of small sizes are
   * measured there, so that they are narrow. A ratio is claimed to be above one, or not to be
   * large.
   */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("files")
  void what_an_example_expects_can_be_missed(Path file, String profile) {
    ExperimentSpec spec = read(file, profile).spec().orElseThrow();
    spec.fits()
        .forEach(
            (name, fit) ->
                fit.expect()
                    .forEach(
                        (of, band) ->
                            assertThat(isBand(of, band, !profile.isEmpty()))
                                .as("%s: %s expects %s of %s", file, name, band, of)
                                .isTrue()));
    spec.claims().values().stream()
        .filter(ClaimSpec.Ratio.class::isInstance)
        .map(ClaimSpec.Ratio.class::cast)
        .forEach(
            claim ->
                assertThat(claim.atLeast().orElse(0.0) >= 1 || claim.atMost().orElse(2.0) < 2)
                    .as("%s: %s", file, claim.statement())
                    .isTrue());
  }

  private static boolean isBand(String of, FitSpec.Expectation band, boolean small) {
    if (of.equals("r2")) {
      return band.atLeast().orElse(0.5) >= 0.5;
    }
    if (band.near().isEmpty()) {
      return true; // a bound on one side
    }
    double near = Math.abs(band.near().get());
    double within = band.within().orElseThrow();
    boolean nothingIsClaimed = near <= within && within <= 0.3;
    return small ? within <= 0.3 * near : nothingIsClaimed || within < near;
  }

  @Test
  void fig_3_has_340_runs_of_which_300_differ() {
    ExperimentSpec fig3 = read(FOLDER.resolve("paper1/fig3.yaml"), "").spec().orElseThrow();
    Plan plan = Planner.plan(fig3);
    assertThat(plan.assignments()).hasSize(340);
    assertThat(plan.runs()).hasSize(300);
  }

  @Test
  void fig_5_has_24_runs_of_which_21_differ() {
    Plan plan = Planner.plan(read(FOLDER.resolve("paper1/fig5.yaml"), "").spec().orElseThrow());
    assertThat(plan.assignments()).hasSize(24);
    assertThat(plan.runs()).hasSize(21);
  }

  @Test
  void bases_cannot_be_run_by_themselves() throws IOException {
    try (Stream<Path> bases = Files.list(FOLDER.resolve("paper1/base"))) {
      for (Path base : bases.toList()) {
        Reading reading = SpecReader.read(base, ReadOptions.none());
        assertThat(reading.diagnostics())
            .as(base.toString())
            .singleElement()
            .satisfies(d -> assertThat(d.code().name()).isEqualTo("E115"));
      }
    }
  }
}
