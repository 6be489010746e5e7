/** How long clients wait when nodes fail: measured on real clusters under a constant load, and printed as a page. */
@NullMarked
package dev.parvi.evidence;

import org.jspecify.annotations.NullMarked;
