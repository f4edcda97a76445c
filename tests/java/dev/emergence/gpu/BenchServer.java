package dev.emergence.gpu;

import dev.emergence.backend.Devices;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.result.Json;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import dev.emergence.train.Trainer;
import dev.emergence.train.Training;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Our side of {@code gpu_bench.py}: a process that trains, attends or optimises as it is told, a
 * line of JSON each way. Commands: {@code open} (yaml, replicas, shortcut), {@code attention}
 * (length, heads, head_dim, precision), {@code adam} (parameters, replicas), {@code run} (count;
 * answers seconds), {@code losses} (of the last batch, by replica), {@code close}.
 */
public final class BenchServer {
  private final Backend backend;

  /** What is measured at present. */
  private record Subject(IntConsumer run, Supplier<List<Double>> losses, AutoCloseable owned) {}

  private Optional<Subject> subject = Optional.empty();

  private BenchServer(Backend backend) {
    this.backend = backend;
  }

  /**
   * Serves standard input.
   *
   * @param arguments the device
   */
  public static void main(String[] arguments) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Backend backend = Devices.open(arguments[0], 1)) {
      BenchServer server = new BenchServer(backend);
      say(Map.of("device", backend.description()));
      String line = in.readLine();
      while (line != null) {
        say(server.answer(Json.read(line, "a command")));
        line = in.readLine();
      }
      server.close();
    }
  }

  private static void say(Map<String, Object> answer) {
    System.out.println(Json.line(answer));
    System.out.flush();
  }

  private Map<String, Object> answer(Map<String, Object> command) throws Exception {
    try {
      return switch ((String) command.get("do")) {
        case "open" -> open(command);
        case "attention" -> attention(command);
        case "adam" -> adam(command);
        case "run" -> run(number(command, "count"));
        case "losses" -> Map.of("losses", subject.orElseThrow().losses().get());
        case "close" -> close();
        default -> throw new IllegalArgumentException("unknown command " + command);
      };
    } catch (RuntimeException e) {
      return Map.of("error", String.valueOf(e));
    }
  }

  private static int number(Map<String, Object> command, String key) {
    return ((Number) command.get(key)).intValue();
  }

  private Map<String, Object> close() throws Exception {
    if (subject.isPresent()) {
      subject.get().owned().close();
      subject = Optional.empty();
    }
    return Map.of("bytes", backend.allocatedBytes());
  }

  private Map<String, Object> run(int count) {
    long began = System.nanoTime();
    subject.orElseThrow().run().accept(count);
    return Map.of("seconds", (System.nanoTime() - began) / 1e9);
  }

  private Map<String, Object> open(Map<String, Object> command) throws Exception {
    close();
    int replicas = number(command, "replicas");
    RunConfig config =
        SpecReader.read("bench.yaml", (String) command.get("yaml"), ReadOptions.none())
            .spec()
            .orElseThrow(() -> new IllegalArgumentException("bench.yaml is not valid"))
            .base();
    Training training =
        Trainer.create(
            backend,
            Collections.nCopies(replicas, config),
            IntStream.range(0, replicas).boxed().toList(),
            Boolean.TRUE.equals(command.get("shortcut")));
    int column = training.columns().indexOf("train.loss");
    subject =
        Optional.of(
            new Subject(
                training::train,
                () -> Arrays.stream(training.evaluate()).map(row -> row[column]).toList(),
                training));
    return Map.of("bytes", backend.allocatedBytes());
  }

  /** A program repeated; one number read at the end waits for all of it. */
  private Map<String, Object> program(Scope scope, StepProgram program, Tensor result) {
    Tensor one = result.replica(0).part(0, 1);
    subject =
        Optional.of(
            new Subject(
                count -> {
                  for (int i = 0; i < count; i++) {
                    program.run();
                  }
                  backend.floats(one);
                },
                () -> List.of((double) backend.floats(one)[0]),
                () -> {
                  program.close();
                  scope.close();
                }));
    return Map.of("bytes", backend.allocatedBytes());
  }

  private Map<String, Object> attention(Map<String, Object> command) throws Exception {
    close();
    backend.arithmetic(
        command.get("precision").equals("tf32") ? Arithmetic.TF32 : Arithmetic.FLOAT32);
    int length = number(command, "length");
    int width = number(command, "head_dim");
    int batch = number(command, "heads") / 4;
    Scope scope = new Scope(backend);
    List<Tensor> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(normal(scope, i, 1, batch, length, 4, width));
    }
    Attention.Shape shape =
        new Attention.Shape(batch, 4, length, length, width, true, 4 * width, 4 * width, 4 * width);
    Attention forward =
        new Attention(
            rows.get(0),
            rows.get(1),
            rows.get(2),
            Optional.empty(),
            rows.get(3),
            scope.floats(1, batch, 4, length),
            shape,
            1 / Math.sqrt(width));
    Attention.Gradient gradient =
        new Attention.Gradient(
            forward,
            rows.get(4),
            rows.get(5),
            rows.get(6),
            rows.get(7),
            scope.floats(1, batch, 4, length));
    StepProgram program =
        backend.record(
            () -> {
              backend.attention(forward);
              backend.attentionBackward(gradient);
            });
    return program(scope, program, rows.get(5));
  }

  private Tensor normal(Scope scope, int seed, long... shape) {
    Tensor tensor = scope.floats(shape);
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(tensor.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    backend.write(tensor, values);
    return tensor;
  }

  private Map<String, Object> adam(Map<String, Object> command) throws Exception {
    close();
    int replicas = number(command, "replicas");
    int parameters = number(command, "parameters");
    Scope scope = new Scope(backend);
    Tensor rate = scope.floats(replicas);
    Tensor step = scope.ints(replicas);
    backend.write(rate, IntStream.range(0, replicas).mapToDouble(r -> 1e-4).toArray());
    backend.write(step, IntStream.range(0, replicas).map(r -> 1).toArray());
    Tensor stoppedAt = scope.ints(replicas);
    Moments moments =
        new Moments(
            normal(scope, 1, replicas, parameters),
            normal(scope, 2, replicas, parameters),
            scope.floats(replicas, parameters),
            scope.floats(replicas, parameters),
            rate,
            step,
            stoppedAt);
    StepProgram program =
        backend.record(
            () -> {
              backend.adam(moments, new AdamOptions(0.9, 0.999, 1e-8, 0));
              backend.advance(step, stoppedAt);
            });
    Map<String, Object> answer = new LinkedHashMap<>(program(scope, program, moments.parameters()));
    answer.put("elements", (long) replicas * parameters);
    return answer;
  }
}
