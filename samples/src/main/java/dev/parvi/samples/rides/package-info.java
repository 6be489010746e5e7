/** Many small writes: positions that arrive often, out of order, and must not wait for each other. */
@NullMarked
package dev.parvi.samples.rides;

import org.jspecify.annotations.NullMarked;
