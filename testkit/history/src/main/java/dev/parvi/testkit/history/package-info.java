/**
 * What clients did and were told, and the checkers that judge it. Read {@link dev.parvi.testkit.history.History} first: clients
 * write there what they do. When all is over, {@link dev.parvi.testkit.history.Judge} holds it against the {@link
 * dev.parvi.testkit.history.Journal}, which is the truth, one entity after the other, and gives a {@link
 * dev.parvi.testkit.history.Verdict}.
 *
 * <p>Beside it stand {@link dev.parvi.testkit.history.Linearizability}, which believes nobody but the clients, and {@link
 * dev.parvi.testkit.history.StallCanary}, which knows when the machine itself stood still.
 */
@NullMarked
package dev.parvi.testkit.history;

import org.jspecify.annotations.NullMarked;
