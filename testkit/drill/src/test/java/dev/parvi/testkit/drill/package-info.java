@NullMarked
package dev.parvi.testkit.drill;

import org.jspecify.annotations.NullMarked;
