/** Tests of this module. */
@NullMarked
package dev.parvi.transcoding;

import org.jspecify.annotations.NullMarked;
