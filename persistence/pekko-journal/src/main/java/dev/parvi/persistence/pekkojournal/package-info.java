/**
 * Reads a journal of pekko-persistence-cassandra, and never writes to it: what two writers did to each other there, and how its events
 * become entities of Parvi.
 *
 * <p>Read {@code History} first: it follows one persistence id as the plugin's replay would, row by row. That journal's key ends with
 * the time of the write, so two writers of one number both succeed, and which of them counts is decided when somebody replays. Three
 * things decide it: what the plugin asks the table for ({@code History}), Pekko's replay filter ({@code ReplayRule}), and whether a
 * number is missing. The tests hold both against the plugin itself.
 *
 * <p>{@code RingWalk} finds every persistence id once, in memory that does not grow: it goes over the partitions in the order of the
 * ring and begins with an id where its lowest partition lies. {@link PekkoJournal} is the way in; {@link PekkoJournalImport} puts what
 * replay would deliver into an event store, through a {@link JournalMapping} that its author writes.
 */
@NullMarked
package dev.parvi.persistence.pekkojournal;

import org.jspecify.annotations.NullMarked;
