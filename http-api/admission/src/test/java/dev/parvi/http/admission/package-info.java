/** Tests of who is let in, over real sockets. */
@NullMarked
package dev.parvi.http.admission;

import org.jspecify.annotations.NullMarked;
