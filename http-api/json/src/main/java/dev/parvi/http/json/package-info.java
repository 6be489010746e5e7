/**
 * Messages as JSON and as query parameters.
 *
 * <p>Read {@link dev.parvi.http.json.Codecs} first: it holds what is made once at start. What is known of a message type is its
 * {@link dev.parvi.http.json.MessageShape}. {@code JsonDecoder} and {@code QueryDecoder} fill a message in one strict pass that knows at
 * every moment which field it is in, and say so in an {@link dev.parvi.http.json.UnreadableMessage}. {@code JsonEncoder} writes with
 * {@link dev.parvi.http.json.JsonBytes}.
 *
 * <p>Nothing here knows HTTP, or whom a fault is told.
 */
@NullMarked
package dev.parvi.http.json;

import org.jspecify.annotations.NullMarked;
