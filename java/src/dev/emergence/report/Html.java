package dev.emergence.report;

import java.util.List;

/** Builds HTML; all text is escaped unless it was built here. */
final class Html {
  private final StringBuilder out = new StringBuilder();

  /**
   * Text with the five characters that HTML gives a meaning replaced; control characters become
   * spaces.
   */
  static String escape(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /**
   * An element with text in it.
   *
   * @param tag with attributes, such as {@code p class="note"}; never from outside
   */
  Html text(String tag, String text) {
    return markup(tag, escape(text));
  }

  /** An element with markup in it that was made here. */
  Html markup(String tag, String inner) {
    String name = tag.contains(" ") ? tag.substring(0, tag.indexOf(' ')) : tag;
    out.append('<').append(tag).append('>').append(inner).append("</").append(name).append(">\n");
    return this;
  }

  /** An element around what another builder has. */
  Html around(String tag, Html inner) {
    return markup(tag, "\n" + inner);
  }

  /** Markup as it is. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** A table; cells are markup, header cells are text. */
  Html table(List<String> header, List<List<String>> rows) {
    StringBuilder inner = new StringBuilder("<thead><tr>");
    header.forEach(h -> inner.append("<th>").append(escape(h)).append("</th>"));
    inner.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      inner.append("<tr>");
      row.forEach(cell -> inner.append(cell.startsWith("<td") ? cell : "<td>" + cell + "</td>"));
      inner.append("</tr>\n");
    }
    return markup("div class=\"wide\"", "<table>" + inner + "</tbody></table>");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
