/**
 * Holds requests against the rules that their authors wrote into the proto files, in the terms of protovalidate.
 *
 * <p>Read {@link dev.parvi.http.validation.Rules} first: made once at start, it tells of a message each {@link
 * dev.parvi.http.validation.Violation}. {@code Loops} sees to it that no rule takes longer than somebody would wait for it.
 *
 * <p>Nothing here knows HTTP, or whom a violation is told.
 */
@NullMarked
package dev.parvi.http.validation;

import org.jspecify.annotations.NullMarked;
