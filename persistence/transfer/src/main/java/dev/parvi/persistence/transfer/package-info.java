/**
 * Moves what a store holds to a file and into another store, and checks it, while the nodes go on.
 *
 * <p>Read {@link dev.parvi.persistence.transfer.Export} first, then {@link dev.parvi.persistence.transfer.Import}; the file between
 * them is described in {@code export.proto} and touched by {@code ExportFile} only. {@link
 * dev.parvi.persistence.transfer.Verification} reads everything and says what is wrong with it. All go over the entities with {@code
 * Crew}: a few threads, an entity each.
 */
@NullMarked
package dev.parvi.persistence.transfer;

import org.jspecify.annotations.NullMarked;
