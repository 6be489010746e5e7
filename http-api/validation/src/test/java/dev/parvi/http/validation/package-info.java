/** Tests of the rules. */
@NullMarked
package dev.parvi.http.validation;

import org.jspecify.annotations.NullMarked;
