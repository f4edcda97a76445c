package dev.emergence.page;

import static dev.emergence.page.Browser.script;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.print.PrintOptions;

/** The report on paper, as a browser prints it. */
class PrintedPageTest {
  @TempDir Path root;

  @Test
  void it_is_readable_on_white_paper_without_controls_even_from_the_dark_theme() throws Exception {
    Browser.get();
    Folders.report(root, Folders.mixed(root, Folders.PLANE));
    Browser.open(root.resolve("report.html").toUri().toString());
    script("document.getElementById('theme').click()");
    assertThat(script("return em.isDark()")).isEqualTo(true);
    script(
        "const theme = em.theme; em.theme = name => { if (name === 'dark') em.printedInk ="
            + " em.chart.axes[0].stroke(); theme(name); }");
    byte[] pdf = Base64.getDecoder().decode(Browser.get().print(new PrintOptions()).getContent());
    Object inkOfCurves = script("return em.printedInk");
    Path kept = Files.createDirectories(Path.of("target", "figures")).resolve("printed.pdf");
    Files.write(kept, pdf);
    try (PDDocument document = Loader.loadPDF(pdf)) {
      String words = new PDFTextStripper().getText(document);
      assertThat(words)
          .contains("How does the plateau grow with d and T?", "Learning curves", "law")
          .containsPattern("13\\s+complete")
          .contains("test.loss is NaN at step 60")
          .doesNotContain("Filter", "Smooth", "Light");
      assertThat(document.getNumberOfPages()).isBetween(2, 14);
      // Axes of the charts are drawn anew in the ink of the light theme.
      assertThat(script("return em.isDark()")).as("and back to dark").isEqualTo(true);
      assertThat(inkOfCurves).isEqualTo("#1a1a1a");
      for (int page = 0; page < document.getNumberOfPages(); page++) {
        BufferedImage image = new PDFRenderer(document).renderImageWithDPI(page, 40);
        assertThat(image.getRGB(2, 2) & 0xFFFFFF).as("paper of page " + page).isEqualTo(0xFFFFFF);
        int dark = 0;
        for (int x = 0; x < image.getWidth(); x++) {
          for (int y = 0; y < image.getHeight(); y++) {
            dark += (image.getRGB(x, y) & 0xFF) < 60 ? 1 : 0;
          }
        }
        assertThat((double) dark / image.getWidth() / image.getHeight())
            .as("share of dark ink on page " + page)
            .isLessThan(0.15);
      }
    }
  }
}
