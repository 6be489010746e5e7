/**
 * The {@code parvi} command, as people type it: runs nodes, and looks after stores.
 *
 * <p>Read {@link dev.parvi.runtime.command.Parvi} first: it lists the commands, each a class named after it. What several commands
 * have in common are their options: {@code NodeOptions} for what a node is told, {@code StoreOptions} for where a store is.
 */
@NullMarked
package dev.parvi.runtime.command;

import org.jspecify.annotations.NullMarked;
