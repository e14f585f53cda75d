package dev.valence.stream;

import java.util.Comparator;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Writes the reference of all configuration keys as Markdown, for the README. */
public final class ConfigReference {

  /** Two tables: Valence's own keys, and where its defaults differ from Kafka's. */
  public String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("| key | default | valid values | meaning |\n|---|---|---|---|\n");
    ValenceConfig.DEFINITION.configKeys().values().stream()
        .sorted(
            Comparator.comparing((ConfigKey key) -> key.importance).thenComparing(key -> key.name))
        .forEach(
            key ->
                appendRow(
                    page, code(key.name), code(defaultOf(key)), valid(key), key.documentation));
    page.append("\n| key | Valence's default | why |\n|---|---|---|\n");
    for (KafkaSettings.Default entry : KafkaSettings.defaults()) {
      appendRow(page, code(entry.key()), code(entry.value()), entry.reason());
    }
    return page.toString();
  }

  private static String defaultOf(ConfigKey key) {
    if (key.type == ConfigDef.Type.PASSWORD) {
      return "";
    }
    return ConfigDef.convertToString(key.defaultValue, key.type);
  }

  private static String valid(ConfigKey key) {
    return key.validator == null
        ? key.type.name().toLowerCase(Locale.ROOT)
        : key.validator.toString();
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static void appendRow(StringBuilder page, String... cells) {
    for (String cell : cells) {
      page.append("| ").append(cell.replace("|", "\\|")).append(' ');
    }
    page.append("|\n");
  }
}
