@NullMarked
package dev.parvi.testkit.cluster;

import org.jspecify.annotations.NullMarked;
