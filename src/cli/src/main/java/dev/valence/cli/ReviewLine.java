package dev.valence.cli;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A review from standard input.
 *
 * @param id a string or a number, given back as it came
 * @param text the review
 */
record ReviewLine(JsonNode id, String text) {}
