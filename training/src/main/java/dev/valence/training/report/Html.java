package dev.valence.training.report;

import java.io.IOException;

/** Pages, and text in HTML and SVG. */
public final class Html {
  private Html() {}

  /**
   * A page of its own, without scripts and without anything from elsewhere.
   *
   * @param title text, which is its heading, too
   * @param body HTML below that
   * @throws IOException if the style sheet cannot be read
   */
  public static String page(String title, String body) throws IOException {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>%s</h1>
        %s</body>
        </html>
        """
        .formatted(escape(title), Style.css(), escape(title), body);
  }

  /** The text as it is, for element content and quoted attributes. */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isText(point) ? point : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  private static boolean isText(int point) {
    boolean control = Character.isISOControl(point) && point != '\n' && point != '\t';
    return !control && Character.getType(point) != Character.SURROGATE;
  }
}
