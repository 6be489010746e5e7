package dev.parvi.http.validation;

/**
 * One rule that a message breaks.
 *
 * @param field the path of the field by its names in JSON, such as {@code items[2].price}; empty if the rule is about the whole message
 * @param rule the id of the rule, such as {@code string.min_len} or what the author called it
 * @param message what is wrong, in words for the sender
 */
public record Violation(String field, String rule, String message) {}
