/**
 * Runs it: one process, put together from the other modules, that finds its cluster, says how it is, and leaves in good order.
 *
 * <p>Read {@link dev.parvi.runtime.Node} first: the order in which things start is the order of its {@code start} and {@code form}.
 * Everything that people get wrong is found before the actor system exists and ends in one sentence, a {@link
 * dev.parvi.runtime.StartFailure}. Settings come in layers ({@code ConfigLayers}); what Pekko must be told stands in {@code
 * parvi-base.conf} and refers to {@code parvi.node} keys, so nothing is translated in code.
 *
 * <p>Nodes on one data folder find each other there. A node's entry is locked by its process: {@code MemberDirectory} turns that
 * into proof of life. {@code FounderDecider} makes sure that only one cluster comes to be, {@code CrashWatch} removes a dead node
 * at once, and Pekko's split-brain resolver does what neither can prove.
 */
@NullMarked
package dev.parvi.runtime;

import org.jspecify.annotations.NullMarked;
