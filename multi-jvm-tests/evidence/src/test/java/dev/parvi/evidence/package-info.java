@NullMarked
package dev.parvi.evidence;

import org.jspecify.annotations.NullMarked;
