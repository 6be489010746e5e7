package dev.parvi.bench;

import java.util.concurrent.CompletableFuture;

/** One way to make the next event of an entity durable in Cassandra. */
interface Way extends AutoCloseable {
    /** Stores an event of about 150 bytes. The future fails unless it is stored. */
    CompletableFuture<?> write(String entity, long revision);

    @Override
    void close();
}
