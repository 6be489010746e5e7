/** Tests of the codecs, against protobuf's own. */
@NullMarked
package dev.parvi.http.json;

import org.jspecify.annotations.NullMarked;
