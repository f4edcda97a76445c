package dev.emergence.benchmarks;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.fit.Design;
import dev.emergence.fit.FitOptions;
import dev.emergence.fit.FitResult;
import dev.emergence.fit.Parameter;
import dev.emergence.fit.Point;
import dev.emergence.fit.PowerLawFit;
import dev.emergence.result.Curve;
import dev.emergence.result.CurveFile;
import dev.emergence.result.Damaged;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the Java side spends its time with: fits, draws of initial values, reading of curves and
 * files.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class HotSpots {
  private static final double[] D = {16, 32, 64, 128};
  private static final double[] T = {32, 64, 128, 256};
  private static final int SEEDS = 5;
  private static final int DRAWS = 1_600_000;

  private Design design;
  private List<Point> points;
  private byte[] curve;
  private String yaml;
  private final float[] numbers = new float[DRAWS];

  /** A plane of 16 conditions, a curve of 5,000 rows by 20 columns, the quickstart. */
  @Setup
  public void prepare() throws IOException {
    design = design();
    points = points();
    curve = curve();
    yaml = Files.readString(Path.of("dsl-examples", "quickstart.yaml"));
  }

  private static Design design() {
    double[][] rows = new double[D.length * T.length][];
    Arrays.setAll(
        rows, c -> new double[] {1, Math.log(D[c / T.length]), Math.log(T[c % T.length])});
    List<Parameter> parameters =
        List.of(
            new Parameter("C", true), new Parameter("alpha", false), new Parameter("beta", false));
    return new Design(parameters, rows, new double[rows.length]);
  }

  private static List<Point> points() {
    Random random = new Random(3);
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      for (int c = 0; c < D.length * T.length; c++) {
        double time = Math.pow(D[c / T.length], 1.3) * Math.pow(T[c % T.length], 0.8);
        points.add(new Point(c, seed, time * Math.exp(0.1 * random.nextGaussian()), false));
      }
    }
    return points;
  }

  private static byte[] curve() throws IOException {
    int columns = 20;
    double[] steps = new double[5000];
    double[][] values = new double[steps.length][columns];
    List<String> names = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      names.add("attention.1." + (c + 1) + ".entropy");
    }
    Random random = new Random(5);
    for (int i = 0; i < steps.length; i++) {
      steps[i] = 10.0 * i;
      Arrays.setAll(values[i], c -> random.nextDouble());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CurveFile.content(new Curve(names, steps, values)).to(out);
    return out.toByteArray();
  }

  /** A power law in two variables with intervals by seed. */
  @Benchmark
  public FitResult fitWithIntervals() {
    FitOptions.Interval interval = new FitOptions.Interval(0.95, FitOptions.Unit.SEED);
    FitOptions options = new FitOptions(FitOptions.Aggregate.PER_SEED, false, false, interval);
    return PowerLawFit.logLinear(design, points, options);
  }

  /** Gaussians for the parameters of one model, 1.6 million. */
  @Benchmark
  public float[] drawGaussians() {
    RandomLane lane = RandomStream.of(7, RandomStream.Purpose.INIT).lane(1, 0, 0);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) lane.normal(i);
    }
    return numbers;
  }

  /** A curve of 5,000 rows of 20 columns. */
  @Benchmark
  public Curve readCurve() throws Damaged {
    return CurveFile.read(curve);
  }

  /** The quickstart: YAML, meaning and checks. */
  @Benchmark
  public Object readExperiment() {
    return SpecReader.read("quickstart.yaml", yaml, ReadOptions.none());
  }
}
