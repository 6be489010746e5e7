/**
 * Who is let in, and for how long: connections, requests, and rates. Read {@link dev.parvi.http.admission.Listener} first, then
 * {@code Connection}, which knows whose turn it is.
 */
@NullMarked
package dev.parvi.http.admission;

import org.jspecify.annotations.NullMarked;
