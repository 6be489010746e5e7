/**
 * Sends a node what nobody would think of, guided by what it makes the node's code do.
 *
 * <p>{@link dev.parvi.fuzz.Fuzz} is the command. It starts Jazzer, in a JVM of its own, on one of the targets: {@code EdgeTarget} runs a
 * whole node and sends it requests over a socket, {@code CodecTarget} compares the codec of JSON with protobuf's. {@code RequestText}
 * makes requests of random bytes, {@code Verdict} says what an answer must never be.
 */
@NullMarked
package dev.parvi.fuzz;

import org.jspecify.annotations.NullMarked;
