/**
 * Real Cassandra servers for JUnit tests.
 *
 * <p>Read {@link dev.parvi.testkit.cassandra.Cassandra} first. It is a module of its own, so that tests of entities alone need
 * neither servers nor JUnit's extension API. Cassandra itself is on nobody's class path: each server is a process.
 */
@NullMarked
package dev.parvi.testkit.cassandra;

import org.jspecify.annotations.NullMarked;
