/** Tests of the store: one conformance suite for every store, then what only files, processes and Pekko can get wrong. */
@NullMarked
package dev.parvi.persistence;

import org.jspecify.annotations.NullMarked;
