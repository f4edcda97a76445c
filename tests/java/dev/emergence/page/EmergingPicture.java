package dev.emergence.page;

import dev.emergence.measure.Emergence;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * The README's picture, made from a run that was filmed. It moves where it is shown by a browser:
 * the pictures of attention come up one after the other while a line runs along the loss; printed,
 * or for those who ask for less motion, it is whole. {@link ReadmePictureTest} makes it.
 */
final class EmergingPicture {
  private static final int FRAMES = 9;
  private static final double WIDTH = 900;
  private static final double LEFT = 60;
  private static final double TOP = 34;
  private static final double CURVE = 150;
  private static final double SIZE = 84;

  private final StringBuilder svg = new StringBuilder();
  private final Curve curve;
  private final double end;

  private EmergingPicture(Curve curve) {
    this.curve = curve;
    this.end = curve.steps()[curve.size() - 1];
  }

  /** The picture of a stored run. */
  static String of(ResultsFolder folder, String id) throws IOException, Damaged {
    StoredRun run = folder.load(id).orElseThrow();
    return new EmergingPicture(run.curve()).of(run, folder.run(id).pictures());
  }

  private double x(double step) {
    return LEFT + (WIDTH - LEFT - 20) * step / end;
  }

  private double y(double loss) {
    double shown = Math.max(0.01, Math.min(0.7, loss));
    return TOP + CURVE * Math.log(0.7 / shown) / Math.log(0.7 / 0.01);
  }

  private String of(StoredRun run, List<Picture> pictures) throws IOException {
    var threshold = run.run().config().measurement().thresholds().get("plateau");
    double crossing = ((Emergence.Reached) Emergence.of(curve, "plateau", threshold)).step();
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 340\" width=\"900\"")
        .append(" font-family=\"Helvetica, Arial, DejaVu Sans, sans-serif\" font-size=\"13\">")
        .append("<rect width=\"900\" height=\"340\" fill=\"#fff\"/>");
    svg.append(motion(steps(leading(pictures, FilmData.relevant(pictures)))));
    text(
        LEFT,
        18,
        "start",
        "test loss of one run, and what its leading head attends to meanwhile (red: the relevant token)");
    for (double level : new double[] {0.5, 0.1, 0.02}) {
      line(LEFT, y(level), WIDTH - 20, y(level), "#dcdfe4");
      text(LEFT - 8, y(level) + 4, "end", String.valueOf(level));
    }
    StringBuilder path = new StringBuilder();
    double[] loss = curve.column("test.loss");
    for (int row = 0; row < curve.size(); row++) {
      path.append(row == 0 ? "M" : "L").append(number(x(curve.steps()[row]))).append(' ');
      path.append(number(y(loss[row])));
    }
    svg.append("<path d=\"" + path + "\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"/>");
    line(x(crossing), TOP, x(crossing), TOP + CURVE, "#c4320a");
    text(x(crossing) - 6, TOP + 14, "end", "emergence: step " + (long) crossing);
    frames(pictures);
    return svg.append("</svg>\n").toString();
  }

  private static double[] steps(List<Picture> head) {
    double[] out = new double[FRAMES];
    for (int i = 0; i < FRAMES; i++) {
      out[i] = head.get(Math.round(i * (head.size() - 1f) / (FRAMES - 1))).step();
    }
    return out;
  }

  /** Key frames: frame i comes up at its time, the line stands at its step. */
  private String motion(double[] steps) {
    StringBuilder css = new StringBuilder();
    StringBuilder line = new StringBuilder("@keyframes along{");
    for (int i = 0; i < FRAMES; i++) {
      int at = 8 + 9 * i;
      css.append("@keyframes f" + i + "{0%," + (at - 1) + "%{opacity:.12}" + at)
          .append("%,100%{opacity:1}}.f" + i + "{animation:f" + i + " 9s infinite}");
      line.append(at + "%{transform:translateX(" + number(x(steps[i]) - LEFT) + "px)}");
    }
    String last = number(x(steps[FRAMES - 1]) - LEFT);
    line.append("100%{transform:translateX(" + last + "px)}}.along{animation:along 9s infinite}");
    return "<style>.along{opacity:.7}@media(prefers-reduced-motion:no-preference){"
        + css
        + line
        + "}@media(prefers-reduced-motion:reduce){.along{opacity:0}}@media print{.along{opacity:0}}"
        + "</style><path class=\"along\" d=\"M"
        + number(LEFT)
        + " "
        + number(TOP)
        + "V"
        + number(TOP + CURVE)
        + "\" stroke=\"#0072b2\" stroke-width=\"1.5\"/>";
  }

  private void frames(List<Picture> pictures) throws IOException {
    double[] relevant = FilmData.relevant(pictures);
    List<Picture> head = leading(pictures, relevant);
    double gap = (WIDTH - LEFT - 20 - FRAMES * SIZE) / (FRAMES - 1);
    for (int i = 0; i < FRAMES; i++) {
      Picture p = head.get(Math.round(i * (head.size() - 1f) / (FRAMES - 1)));
      double left = LEFT + i * (SIZE + gap);
      double top = 222;
      line(left + SIZE / 2, top, x(p.step()), TOP + CURVE, "#9aa0a6");
      svg.append("<image class=\"f" + i + "\" x=\"" + number(left) + "\" y=\"" + top)
          .append("\" width=\"" + SIZE)
          .append("\" height=\"" + SIZE + "\" style=\"image-rendering:pixelated\"")
          .append(" href=\"data:image/png;base64," + png(p.probabilities(), relevant) + "\"/>");
      text(left + SIZE / 2, top + SIZE + 17, "middle", "step " + p.step());
    }
  }

  /** The head whose read-out attends most to the relevant token at the end, over all frames. */
  private static List<Picture> leading(List<Picture> pictures, double[] relevant) {
    Map<List<Integer>, List<Picture>> heads =
        pictures.stream()
            .filter(p -> p.label().equals("film") && p.probabilities().length > 1)
            .collect(
                Collectors.groupingBy(
                    p -> List.of(p.layer(), p.head()),
                    () -> new TreeMap<>(Comparator.comparing(Object::toString)),
                    Collectors.toCollection(ArrayList::new)));
    heads.values().forEach(frames -> frames.sort(Comparator.comparingLong(Picture::step)));
    return heads.values().stream()
        .max(Comparator.comparingDouble(f -> mass(f.get(f.size() - 1), relevant)))
        .orElseThrow();
  }

  private static double mass(Picture p, double[] relevant) {
    double[] last = p.probabilities()[p.probabilities().length - 1];
    double sum = 0;
    for (int k = 0; k < last.length; k++) {
      sum += last[k] * relevant[k];
    }
    return sum;
  }

  private static String png(double[][] pattern, double[] relevant) throws IOException {
    BufferedImage image =
        new BufferedImage(pattern[0].length, pattern.length + 1, BufferedImage.TYPE_INT_RGB);
    for (int k = 0; k < pattern[0].length; k++) {
      for (int q = 0; q < pattern.length; q++) {
        image.setRGB(k, q, color(pattern[q][k]).getRGB());
      }
      image.setRGB(k, pattern.length, relevant[k] > 0 ? 0xC4320A : 0xFFFFFF);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }

  /** White to blue by the square root of the probability. */
  private static Color color(double p) {
    float s = (float) Math.sqrt(Math.max(0, Math.min(1, p)));
    return new Color(0.97f - 0.92f * s, 0.97f - 0.68f * s, 0.98f - 0.5f * s);
  }

  private void line(double x1, double y1, double x2, double y2, String color) {
    svg.append("<path d=\"M" + number(x1) + " " + number(y1) + "L" + number(x2) + " ")
        .append(number(y2) + "\" stroke=\"" + color + "\" fill=\"none\"/>");
  }

  private void text(double x, double y, String anchor, String text) {
    svg.append("<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor)
        .append("\" fill=\"#1a1a1a\">" + text + "</text>");
  }

  private static String number(double v) {
    return String.format(Locale.ROOT, "%.1f", v);
  }
}
