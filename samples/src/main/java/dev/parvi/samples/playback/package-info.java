/** Mostly reads: an entity that answers from memory, and stores only what is worth an event. */
@NullMarked
package dev.parvi.samples.playback;

import org.jspecify.annotations.NullMarked;
