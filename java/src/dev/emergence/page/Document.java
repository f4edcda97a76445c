package dev.emergence.page;

import dev.emergence.result.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The page as one HTML document. What it shows comes as JSON in it (a report) or from the server
 * beside it (a live page).
 */
public final class Document {
  private static final String SCRIPT = Assets.script();
  private static final String STYLE = Assets.style();

  private static final int LARGE = 1_000_000;

  private final String title;
  private final Map<String, String> data = new LinkedHashMap<>();
  private String body = "";

  /**
   * @param title any text
   */
  public Document(String title) {
    this.title = title;
  }

  /**
   * Puts an object into the page.
   *
   * @param id of the element that holds it
   */
  public Document with(String id, Map<String, Object> object) {
    data.put(id, inScript(Json.line(object)));
    return this;
  }

  /**
   * Puts an object into the page, packed where it is large: of many thousand runs the states alone
   * are tens of megabytes that say nearly the same.
   *
   * @param id of the element that holds it
   */
  public Document packed(String id, Map<String, Object> object) {
    String json = Json.line(object);
    data.put(id, inScript(json.length() > LARGE ? Json.line(Columns.text(json)) : json));
    return this;
  }

  /** Adds markup that a reader without script sees too; made by this project, not from outside. */
  public Document with(String markup) {
    body += markup;
    return this;
  }

  /** Bytes that the data take. */
  public long size() {
    return data.values().stream().mapToLong(String::length).sum() + body.length();
  }

  /**
   * What a browser may do with the page: only its own script and style, and no request but to its
   * own server when it is live.
   */
  public static String policy(boolean live) {
    return "default-src 'none'; script-src "
        + Assets.hash(SCRIPT)
        + "; style-src "
        + Assets.hash(STYLE)
        + "; img-src data: blob:; base-uri 'none'; form-action 'none'"
        + "; require-trusted-types-for 'script'"
        + (live ? "; connect-src 'self'; frame-ancestors 'none'" : "");
  }

  /**
   * A page to read, without script.
   *
   * @param markup made by this project, not from outside
   */
  public static String plain(String title, String markup) {
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        + Assets.hash(STYLE)
        + "; img-src 'self' file:; base-uri 'none'; form-action 'none'\"/>\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>"
        + escape(title)
        + "</title>\n<style>"
        + STYLE
        + "</style>\n</head>\n<body>\n<main>\n"
        + markup
        + "</main>\n</body>\n</html>\n";
  }

  /** The document. */
  public String html(boolean live) {
    StringBuilder out = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
    out.append("<meta charset=\"utf-8\"/>\n");
    if (!live) {
      out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
          .append(policy(false))
          .append("\"/>\n");
    }
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    out.append("<meta name=\"referrer\" content=\"no-referrer\"/>\n");
    out.append("<title>").append(escape(title)).append("</title>\n");
    out.append("<style>").append(STYLE).append("</style>\n</head>\n<body>\n");
    out.append("<main id=\"page\">\n").append(body).append("</main>\n");
    data.forEach(
        (id, json) ->
            out.append("<script type=\"application/json\" id=\"")
                .append(escape(id))
                .append("\">")
                .append(json)
                .append("</script>\n"));
    out.append("<script>").append(SCRIPT).append("</script>\n</body>\n</html>\n");
    return out.toString();
  }

  /** JSON that ends no script element and opens no comment, whatever texts are in it. */
  static String inScript(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
