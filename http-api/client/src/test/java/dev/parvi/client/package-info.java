/** The rules for retries and streams, against a server that breaks each of them. */
@NullMarked
package dev.parvi.client;

import org.jspecify.annotations.NullMarked;
