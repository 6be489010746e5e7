/**
 * Calls entities over HTTP, with nothing but the JDK's client and protobuf.
 *
 * <p>Start with {@link dev.parvi.client.ParviClient}. A {@link dev.parvi.client.Command} is one intent with one key, however often
 * it is sent. {@code Verdict} is the table of what an answer means, {@code RetryingCall} acts on it, and {@code Following} is one
 * subscriber's way through a stream.
 */
@NullMarked
package dev.parvi.client;

import org.jspecify.annotations.NullMarked;
