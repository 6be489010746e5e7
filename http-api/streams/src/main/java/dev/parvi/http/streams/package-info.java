/**
 * Streams of events, for whoever reads over HTTP. Read {@link dev.parvi.http.streams.EventStreams} first, then {@code Follower}, which
 * follows one entity for all who watch it on this node.
 */
@NullMarked
package dev.parvi.http.streams;

import org.jspecify.annotations.NullMarked;
