/**
 * A cluster of real nodes for a JUnit test, and faults for it. Read {@link dev.parvi.testkit.cluster.ClusterTest} first, then
 * {@link dev.parvi.testkit.cluster.Fault}.
 */
@NullMarked
package dev.parvi.testkit.cluster;

import org.jspecify.annotations.NullMarked;
