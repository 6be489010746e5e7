package dev.parvi.client;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One intent to change an entity, not sent yet. It has one idempotency key, made with it: however often this object is sent, and
 * however many attempts that takes, it is carried out at most once. For a second deposit make a second command.
 */
public final class Command<R extends Message> {
    private final Call<R> call;

    Command(Call<R> call) {
        this.call = call;
    }

    /** With a key of your own, such as one that you have written down: 1 to 256 printable ASCII characters. */
    public Command<R> withKey(String key) {
        return new Command<>(call.withKey(key));
    }

    /** Only if the entity is at this revision; 0 if it has no events yet. Otherwise it is rejected as {@code revision-mismatch}. */
    public Command<R> ifRevision(long revision) {
        return new Command<>(call.ifRevision(revision));
    }

    /** Waits so long at most, with all attempts. */
    public Command<R> within(Duration timeout) {
        return new Command<>(call.within(timeout));
    }

    /** What to write down before it is sent, if this process may end before the answer is there. */
    public String key() {
        return call.key();
    }

    /**
     * Sends it, again and again if need be, and waits for the reply: its events are stored then.
     *
     * <p>Throws {@link RejectedException} or {@link NotServingException} if nothing was stored, {@link OutcomeUnknownException} if
     * nobody can tell, or if the thread is interrupted.
     */
    public Reply<R> send() {
        return call.send();
    }

    /** Sends it. The future fails with what {@link #send} throws; to cancel it ends all attempts and leaves the outcome unknown. */
    public CompletableFuture<Reply<R>> sendAsync() {
        return call.sendAsync();
    }

    @Override
    public String toString() {
        return call + " with the key " + key();
    }
}
