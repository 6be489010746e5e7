@NullMarked
package dev.parvi.persistence.cassandra;

import org.jspecify.annotations.NullMarked;
