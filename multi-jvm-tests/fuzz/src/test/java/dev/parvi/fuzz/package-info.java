/** Short runs of the fuzzer. */
@NullMarked
package dev.parvi.fuzz;

import org.jspecify.annotations.NullMarked;
