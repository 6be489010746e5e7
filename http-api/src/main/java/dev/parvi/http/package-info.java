/**
 * Shows entities over HTTP.
 *
 * <p>Read {@link dev.parvi.http.RequestHandler} first: it takes one request the whole way. The path finds a
 * {@link dev.parvi.http.Routes.MethodRoute} in {@link dev.parvi.http.Routes}, a table made at start from the descriptors. Headers become
 * a {@link dev.parvi.http.RequestHead}. The body or the query parameters become the request message, in one strict pass that
 * knows at every moment which field it is in ({@link dev.parvi.http.JsonDecoder}, {@link dev.parvi.http.QueryDecoder}).
 * {@link dev.parvi.http.RetryingAsk} sends the command through the {@code EntityClient} until there is a definite outcome or the
 * time is over, always under the same idempotency key. {@link dev.parvi.http.Answers} turns the outcome into a response.
 *
 * <p>Whatever is wrong with a request is a {@link dev.parvi.http.Problem}; on the way out of the parsing code it travels as the
 * exception {@link dev.parvi.http.Refusal}, without a stack trace. The good path throws nothing, starts no stream and sets no
 * timer: bodies that arrive with their head are read in place, and one sweep watches all deadlines.
 *
 * <p>Nothing here knows the cluster. {@code GET /{type}}, {@code /{type}/{id}/events} and {@code /{type}/{id}/commands} are kept
 * free.
 */
@NullMarked
package dev.parvi.http;

import org.jspecify.annotations.NullMarked;
