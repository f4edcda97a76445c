package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other programs open our PDF files, where they are installed. */
class PdfReadersTest {
  @TempDir Path temp;
  private Path pdf;

  @BeforeEach
  void write() throws IOException {
    double[] x = {1, 2, 3};
    Panel panel =
        Panel.of(
                Axis.of(RichText.symbol("N_pairs"), Scale.LOG),
                Axis.ofWords(RichText.plain("Ångström, ẅ"), List.of(RichText.plain("שלום"))))
            .with(new Layer.Line(x, x, Color.BLUE, LineStyle.DASHED, 1))
            .with(Layer.Points.plain(x, x, Color.RED, Marker.DIAMOND))
            .noting("Größe 3·10⁻⁴ ≥ λ.");
    Figure figure =
        Figure.of(panel)
            .in(Style.inPoints(9, 8, 7, 6.5, 1, Style.SANS), Size.ofMillimetres(85, Double.NaN));
    pdf = Files.write(temp.resolve("figure.pdf"), figure.pdf());
  }

  private String read(String... command) throws IOException, InterruptedException {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, command[0]))),
        command[0] + " is not installed");
    Process process =
        new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void poppler_finds_every_font_embedded() throws Exception {
    List<String> fonts =
        read("pdffonts", pdf.toString()).lines().filter(l -> l.contains("Liberation")).toList();
    assertThat(fonts).hasSize(1);
    // Columns: name, type, encoding, embedded, subset, with its letters, object.
    assertThat(fonts.get(0)).containsPattern("Identity-H +yes yes yes");
  }

  @Test
  void poppler_reads_the_text_accents_and_letters_of_other_scripts_included() throws Exception {
    assertThat(read("pdftotext", pdf.toString(), "-"))
        .contains("Größe 3·10")
        .contains("≥ λ.")
        .contains("Ångström")
        // Poppler turns letters from right to left round by itself, ours too, which stand in order.
        .containsPattern("שלום|םולש");
  }

  @Test
  void poppler_finds_the_size_that_was_asked_for() throws Exception {
    // 85 mm are 240.945 points.
    assertThat(read("pdfinfo", pdf.toString())).contains("Page size:       240.9");
  }

  @Test
  void mupdf_finds_the_font_in_the_file() throws Exception {
    assertThat(read("mutool", "info", "-F", pdf.toString())).contains("LiberationSans");
    assertThat(read("mutool", "extract", pdf.toString())).as("its program").contains("font-");
  }

  @Test
  void mupdf_reads_the_text_and_draws_the_page() throws Exception {
    assertThat(read("mutool", "draw", "-F", "text", pdf.toString())).contains("Größe 3·10");
    Path image = temp.resolve("page.png");
    read("mutool", "draw", "-r", "72", "-o", image.toString(), pdf.toString());
    assertThat(javax.imageio.ImageIO.read(image.toFile()).getWidth()).isEqualTo(241);
  }
}
