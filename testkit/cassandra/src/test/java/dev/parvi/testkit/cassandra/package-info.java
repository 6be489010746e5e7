@NullMarked
package dev.parvi.testkit.cassandra;

import org.jspecify.annotations.NullMarked;
