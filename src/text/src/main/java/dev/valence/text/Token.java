package dev.valence.text;

/**
 * One token and where it stands in the text it was cut from.
 *
 * @param text the token, never empty: {@code source.substring(start, end)}
 * @param start index of its first char (UTF-16 unit) in the source, inclusive
 * @param end index after its last char, exclusive
 * @param spaceAfter whether one space (U+0020) follows that belongs to no token
 */
public record Token(String text, int start, int end, boolean spaceAfter) {}
