/** No night is let twice: state decides, a clock only says when a hold may be given away. */
@NullMarked
package dev.parvi.samples.bookings;

import org.jspecify.annotations.NullMarked;
