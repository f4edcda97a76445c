package dev.emergence.report;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads pictures and pages back. */
final class Svg {
  private Svg() {}

  static Document parse(String markup) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(markup.getBytes(StandardCharsets.UTF_8)));
    } catch (Exception e) {
      throw new AssertionError("not well-formed: " + e.getMessage(), e);
    }
  }

  static List<Element> all(String markup, String name) {
    NodeList found = parse(markup).getElementsByTagName(name);
    List<Element> out = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      out.add((Element) found.item(i));
    }
    return out;
  }

  static List<String> texts(String svg) {
    return all(svg, "text").stream().map(Element::getTextContent).toList();
  }

  /** Lines of more than three corners: curves, not ticks or frames. */
  static long curves(String svg) {
    return all(svg, "polyline").stream()
        .filter(e -> e.getAttribute("points").split(" ").length > 3)
        .count();
  }

  static long dashed(String svg) {
    return all(svg, "polyline").stream()
        .filter(
            e ->
                e.hasAttribute("stroke-dasharray")
                    && e.getAttribute("points").split(" ").length > 3)
        .count();
  }
}
