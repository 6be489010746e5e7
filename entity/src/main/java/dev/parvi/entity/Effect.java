package dev.parvi.entity;

import com.google.protobuf.Message;
import java.util.List;
import java.util.function.Function;

/**
 * What a command decided, as data: events to store and a reply, or only a reply, or a rejection. Nothing has happened yet when a
 * method returns one.
 *
 * @param <R> the reply message
 */
public sealed interface Effect<R extends Message> permits ReadEffect, Effect.Persist {

    /** Takes the one case that this effect is. */
    <T> T fold(
            Function<Persist<?, R>, T> onPersist,
            Function<ReadEffect.Reply<R>, T> onReply,
            Function<ReadEffect.Reject<R>, T> onReject);

    /** Stores the events in one atomic write; the reply is computed from the state after them and sent once they are stored. */
    record Persist<S extends Message, R extends Message>(
            List<? extends Message> events, Function<? super S, ? extends R> reply) implements Effect<R> {
        public Persist {
            events = List.copyOf(events);
        }

        @Override
        public <T> T fold(
                Function<Persist<?, R>, T> onPersist,
                Function<ReadEffect.Reply<R>, T> onReply,
                Function<ReadEffect.Reject<R>, T> onReject) {
            return onPersist.apply(this);
        }
    }

    /** Events that still lack their reply. */
    record Events<S extends Message>(List<? extends Message> events) {
        /** Answers with what {@code reply} makes of the state after the events. It must not have effects of its own. */
        public <R extends Message> Effect<R> thenReply(Function<? super S, ? extends R> reply) {
            return new Persist<S, R>(events, reply);
        }
    }
}
