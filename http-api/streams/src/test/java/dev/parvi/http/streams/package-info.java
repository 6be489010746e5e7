/** Tests of the streams, over a history in memory. */
@NullMarked
package dev.parvi.http.streams;

import org.jspecify.annotations.NullMarked;
