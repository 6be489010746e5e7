package dev.parvi.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A question to an entity, not sent yet. It changes nothing, so it may be sent as often as you like. */
public final class Query<R> {
    private final Call<R> call;

    Query(Call<R> call) {
        this.call = call;
    }

    /** Waits so long at most, with all attempts. */
    public Query<R> within(Duration timeout) {
        return new Query<>(call.within(timeout));
    }

    /** Sends it and waits. Throws {@link RejectedException} or {@link NotServingException}. */
    public Reply<R> send() {
        return call.send();
    }

    /** Sends it. The future fails with what {@link #send} throws; to cancel it ends all attempts. */
    public CompletableFuture<Reply<R>> sendAsync() {
        return call.sendAsync();
    }

    @Override
    public String toString() {
        return call.toString();
    }
}
