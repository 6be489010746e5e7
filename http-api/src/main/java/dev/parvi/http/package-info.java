/**
 * Shows entities over HTTP.
 *
 * <p>Read {@link dev.parvi.http.RequestHandler} first: it finds out what a request is for. The path finds a
 * {@link dev.parvi.http.Routes.MethodRoute} in {@link dev.parvi.http.Routes}, a table made at start from the descriptors, or in
 * {@link dev.parvi.http.Bindings}, if its author has chosen the path, and
 * {@link dev.parvi.http.EntityCalls} takes the request the rest of the way. Headers become a {@link dev.parvi.http.RequestHead}. The body or
 * the query parameters become the request message in {@link dev.parvi.http.RequestMessages}, which reads with the
 * {@link dev.parvi.http.json.Codecs}. {@link dev.parvi.http.RetryingAsk} sends the command through the {@code EntityClient} until there is a
 * definite outcome or the time is over, always under the same idempotency key. {@link dev.parvi.http.Answers} turns the outcome
 * into a response.
 *
 * <p>Whatever is wrong with a request is a {@link dev.parvi.http.Problem}; on the way out of the parsing code it travels as the
 * exception {@link dev.parvi.http.Refusal}, without a stack trace. The good path throws nothing, starts no stream and sets no
 * timer: bodies that arrive with their head are read in place, and one sweep watches all deadlines.
 *
 * <p>Histories, outcomes and lists come from the store: {@link dev.parvi.http.Lookups} tells them, and asks no entity. What no entity
 * type is named for may be one of the {@link dev.parvi.http.openapi.Pages} that describe this interface.
 *
 * <p>On its way out every answer, refusals included, passes {@link dev.parvi.http.Gzip} and {@link dev.parvi.http.Cors}.
 *
 * <p>Nothing here knows the cluster.
 */
@NullMarked
package dev.parvi.http;

import org.jspecify.annotations.NullMarked;
