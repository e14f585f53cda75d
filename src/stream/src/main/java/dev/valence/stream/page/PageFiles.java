package dev.valence.stream.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The page's own files, which are resources beside this class. */
final class PageFiles {

  /**
   * @param type value of Content-Type
   */
  record PageFile(byte[] content, String type) {}

  private final Map<String, PageFile> byPath =
      Map.of(
          "/", read("page.html", "text/html; charset=utf-8"),
          "/page/page.css", read("page.css", "text/css; charset=utf-8"),
          "/page/page.js", read("page.js", "text/javascript; charset=utf-8"),
          "/page/charts.js", read("charts.js", "text/javascript; charset=utf-8"),
          "/page/trends.js", read("trends.js", "text/javascript; charset=utf-8"),
          "/page/icon.svg", read("icon.svg", "image/svg+xml"));

  Optional<PageFile> at(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  private static PageFile read(String name, String type) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      return new PageFile(in.readAllBytes(), type);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + name, e);
    }
  }
}
