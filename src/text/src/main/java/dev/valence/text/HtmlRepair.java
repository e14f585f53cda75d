package dev.valence.text;

import java.util.function.UnaryOperator;

/**
 * {@code fix_html}: literal replacements, in fastai's order, then the HTML character references.
 */
final class HtmlRepair implements UnaryOperator<String> {

  private static final String[][] REPLACEMENTS = {
    {"#39;", "'"},
    {"amp;", "&"},
    {"#146;", "'"},
    {"nbsp;", " "},
    {"#36;", "$"},
    {"\\n", "\n"},
    {"quot;", "'"},
    {"<br />", "\n"},
    {"\\\"", "\""},
    {"<unk>", "xxunk"},
    {" @.@ ", "."},
    {" @-@ ", "-"},
    {"...", " …"},
  };

  private final CharacterReferences references = new CharacterReferences(new RuleResources());

  @Override
  public String apply(String text) {
    String repaired = text;
    for (String[] replacement : REPLACEMENTS) {
      repaired = repaired.replace(replacement[0], replacement[1]);
    }
    return references.resolve(repaired);
  }
}
