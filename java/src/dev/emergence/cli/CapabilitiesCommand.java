package dev.emergence.cli;

import dev.emergence.execute.device.Engines;
import dev.emergence.hub.Answer.Measure;
import dev.emergence.hub.BadFile;
import dev.emergence.hub.Capabilities;
import dev.emergence.spec.Keys;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DeviceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code capabilities --checkpoints DIR}: when public checkpoints solve prompts. */
@Command(
    name = "capabilities",
    description =
        "Finds when public checkpoints of a GPT-NeoX (Pythia) model learned to"
            + " solve prompts. Downloads nothing; see 'emergence explain checkpoints'.")
final class CapabilitiesCommand implements Callable<Integer> {
  private static final String BUILTIN = "builtin";

  @Spec private CommandSpec spec;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      required = true,
      description = "Folder that has one folder for each step: step0, step1000, ...")
  private Path checkpoints;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      defaultValue = BUILTIN,
      description =
          "File of prompts, one JSON object in each line; or builtin: copying,"
              + " repetition, patterns, indirect objects. Default ${DEFAULT-VALUE}.")
  private String prompts;

  @Option(
      names = "--measure",
      paramLabel = "M",
      defaultValue = "solved",
      description =
          "solved (share of prompts answered by greedy decoding), probability or logit_difference;"
              + " default ${DEFAULT-VALUE}.")
  private Measure measure;

  @Option(
      names = "--above",
      paramLabel = "X",
      defaultValue = "0.5",
      description = "A capability has emerged where the measure is above this; default 0.5.")
  private double above;

  @Option(
      names = "--heads",
      paramLabel = "S",
      description =
          "patch: heads before emergence get the attention patterns from after"
              + " it, and the other way round; ablate: heads after emergence are set to"
              + " zero.")
  private Optional<CapabilityHeads.Study> heads;

  @Option(
      names = "--without-duplicates",
      description =
          "Leaves out steps that have equal weights. Without this option they are" + " an error.")
  private boolean withoutDuplicates;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for capabilities.csv, emergence.csv and heads.csv.")
  private Optional<Path> folder;

  @Option(
      names = "--device",
      paramLabel = "D",
      defaultValue = "cpu",
      description = "cpu, cuda or cuda:N; default ${DEFAULT-VALUE}.")
  private String device;

  @Option(names = "--threads", paramLabel = "N", description = "Threads on a cpu; default all.")
  private Optional<Integer> threads = Optional.empty();

  @Override
  public Integer call() throws IOException {
    if (!Double.isFinite(above)) {
      throw new Refusal(ExitCode.USAGE, "--above must be a number, got " + above);
    }
    Refusal.unlessDevice(device, "cpu", "cuda");
    Refusal.notBeside("--device " + device, device.startsWith("cuda"), spec, "--threads");
    threads.ifPresent(n -> Numbers.within(n, 1, 4096, "--threads"));
    // Before anything is read: a folder of checkpoints takes minutes to hours.
    folder.ifPresent(Refusal::unlessWritable);
    Optional<Path> file =
        prompts.equals(BUILTIN) ? Optional.empty() : Optional.of(Path.of(prompts));
    Capabilities.Request request = new Capabilities.Request(checkpoints, file, withoutDuplicates);
    PrintWriter err = spec.commandLine().getErr();
    int cores = threads.orElse(Runtime.getRuntime().availableProcessors());
    try (Backend backend = Engines.open(device, cores);
        Capabilities capabilities = Capabilities.open(backend, request, err::println)) {
      List<Capabilities.Crossing> crossings = capabilities.crossings(Keys.word(measure), above);
      String asked = Keys.word(measure) + " above " + Numbers.value(above);
      CapabilityTables tables = new CapabilityTables(capabilities, crossings, asked);
      tables.print(spec.commandLine().getOut());
      CapabilityHeads studied = new CapabilityHeads(capabilities, spec.commandLine().getOut());
      if (heads.isPresent()) {
        studied.study(heads.get(), crossings);
      }
      if (folder.isPresent()) {
        tables.write(folder.get());
        studied.write(folder.get());
      }
      return capabilities.unreadable().isEmpty() ? ExitCode.OK : ExitCode.RUNS_FAILED;
    } catch (BadFile e) {
      throw new Refusal(ExitCode.INVALID_FILE, e.getMessage());
    } catch (DeviceException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, e.getMessage());
    }
  }
}
