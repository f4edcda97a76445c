package dev.emergence.report;

import dev.emergence.report.chart.RichText;

/** The charts' text as HTML. */
final class RichHtml {
  private RichHtml() {}

  static String of(RichText text) {
    StringBuilder out = new StringBuilder();
    for (RichText.Span span : text.spans()) {
      String inner = Html.escape(span.text());
      inner = span.italic() ? "<i>" + inner + "</i>" : inner;
      out.append(
          switch (span.level()) {
            case BASE -> inner;
            case RAISED -> "<sup>" + inner + "</sup>";
            case LOWERED -> "<sub>" + inner + "</sub>";
          });
    }
    return out.toString();
  }
}
