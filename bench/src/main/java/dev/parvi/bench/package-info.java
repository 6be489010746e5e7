/**
 * Measures Parvi on the machine at hand, in one run, so that its figures can be compared with each other.
 *
 * <p>{@link dev.parvi.bench.Bench} starts a real node in a JVM of its own, loads it with {@code wrk} from Debian over loopback, and
 * reads the node's processor time from the kernel and its syncs from the store's own counters. Absolute rates depend on the
 * machine and on what else runs there; the ratios to the echo route, measured minutes apart in the same JVM, are what counts.
 *
 * <p>{@code CassandraBench} leaves the node away: it writes to real Cassandra servers in several ways, with a fence and without, so what
 * counts there are the ratios to a plain insert.
 */
@NullMarked
package dev.parvi.bench;

import org.jspecify.annotations.NullMarked;
