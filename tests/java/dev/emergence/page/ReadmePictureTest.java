package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Experiment;
import dev.emergence.RunOptions;
import dev.emergence.campaign.Campaign;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Disk;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/**
 * The README's first picture. With every build it is made of a run that was not trained; in a
 * campaign the quickstart's run of d = 16, T = 12 is trained and the picture is written anew.
 */
class ReadmePictureTest {
  private static final Path PICTURE = Path.of("dsl-examples/figures/quickstart-emerging.svg");

  @TempDir Path root;

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static void complete(String svg) throws Exception {
    Document picture = parsed(svg);
    assertThat(picture.getElementsByTagName("image").getLength()).isEqualTo(9);
    assertThat(picture.getDocumentElement().getTextContent())
        .contains("emergence: step", "prefers-reduced-motion", "@keyframes f8");
    assertThat(svg.length()).isLessThan(20_000);
  }

  private static String value(Assignment a, String path) {
    return String.valueOf(a.condition().values().get(path));
  }

  @Test
  void it_shows_the_loss_and_nine_pictures_of_the_head_that_finds_the_token() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    PlannedRun run =
        plan.runs().stream().filter(p -> p.run().seed() == 0).findFirst().orElseThrow();
    Folders.store(folder, run, Outcome.State.COMPLETE, "");
    complete(EmergingPicture.of(folder, run.id()));
  }

  @Test
  void the_one_in_the_readme_is_made_by_this_test() throws Exception {
    if (Campaign.isFull()) {
      Experiment quickstart = Experiment.load(Path.of("dsl-examples/quickstart.yaml"));
      var one =
          quickstart.plan().assignments().stream()
              .filter(a -> a.seed() == 0 && "16".equals(value(a, "task.dim")))
              .filter(a -> "12".equals(value(a, "task.sequence_length")))
              .findFirst()
              .orElseThrow();
      quickstart.run(
          root,
          new RunOptions(
              Optional.of("cpu"),
              Optional.of(1),
              a -> a.run().equals(one.run()),
              false,
              Interrupt.onRequest(),
              Progress.SILENT));
      ResultsFolder folder = ResultsFolder.read(root);
      Files.writeString(PICTURE, EmergingPicture.of(folder, one.run()));
    }
    complete(Files.readString(PICTURE));
    assertThat(Files.readString(Path.of("README.md"))).contains("(" + PICTURE + ")");
  }
}
