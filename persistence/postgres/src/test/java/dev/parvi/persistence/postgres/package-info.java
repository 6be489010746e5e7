/** Tests against a real server: read {@link dev.parvi.persistence.postgres.PostgresServer} first. */
@NullMarked
package dev.parvi.persistence.postgres;

import org.jspecify.annotations.NullMarked;
