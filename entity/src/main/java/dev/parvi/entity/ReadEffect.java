package dev.parvi.entity;

import com.google.protobuf.Message;
import java.util.function.Function;

/**
 * An effect that stores nothing. A query returns this type, so the compiler keeps it from changing anything.
 *
 * @param <R> the reply message
 */
public sealed interface ReadEffect<R extends Message> extends Effect<R> {

    /** Answers with this message. */
    record Reply<R extends Message>(R message) implements ReadEffect<R> {
        @Override
        public <T> T fold(
                Function<Effect.Persist<?, R>, T> onPersist,
                Function<Reply<R>, T> onReply,
                Function<Reject<R>, T> onReject) {
            return onReply.apply(this);
        }
    }

    /** Refuses: the caller asked for something that the entity does not do in this state. */
    record Reject<R extends Message>(Rejection rejection) implements ReadEffect<R> {
        @Override
        public <T> T fold(
                Function<Effect.Persist<?, R>, T> onPersist,
                Function<Reply<R>, T> onReply,
                Function<Reject<R>, T> onReject) {
            return onReject.apply(this);
        }
    }
}
