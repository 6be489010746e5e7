package dev.parvi.entity;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * What every generated entity class extends: how an author says what happens. Methods are pure functions of their arguments; one
 * instance serves all entities of its type, from many threads, so it keeps nothing between calls.
 *
 * <p>Authors extend the generated class, not this one, and name their class in {@code META-INF/services/dev.parvi.entity.Entity}.
 *
 * @param <S> the state message
 * @param <E> the event message
 */
public abstract class Entity<S extends Message, E extends Message> {

    /** What the {@code .proto} says. */
    public abstract EntityType<S, E> type();

    /** Calls the author's method for this rpc. */
    protected abstract Effect<?> decide(EntityType.Method method, S state, Message request, CommandContext context);

    /** Calls the author's method for what happened. Throws if this release does not know the event. */
    protected abstract S apply(S state, E event);

    /** Stores these events, in this order, all or none. */
    @SafeVarargs
    protected final Effect.Events<S> persist(E first, E... more) {
        if (more.length == 0) return new Effect.Events<>(List.of(first));
        var events = new ArrayList<E>(more.length + 1);
        events.add(first);
        events.addAll(List.of(more));
        return new Effect.Events<>(events);
    }

    /** Stores these events, in this order, all or none. An empty list stores nothing. */
    protected final Effect.Events<S> persist(List<E> events) {
        return new Effect.Events<>(events);
    }

    /** Answers and stores nothing. */
    protected final <R extends Message> ReadEffect<R> reply(R message) {
        return new ReadEffect.Reply<>(message);
    }

    /** Refuses and stores nothing. */
    protected final <R extends Message> ReadEffect<R> reject(Rejection.Code code, String message) {
        return reject(Rejection.of(forAuthors(code), message));
    }

    /** Refuses because of one field of the request, named as in the {@code .proto}. */
    protected final <R extends Message> ReadEffect<R> reject(Rejection.Code code, String field, String message) {
        return reject(Rejection.ofField(forAuthors(code), field, message));
    }

    private static <R extends Message> ReadEffect<R> reject(Rejection rejection) {
        return new ReadEffect.Reject<>(rejection);
    }

    private static Rejection.Code forAuthors(Rejection.Code code) {
        if (code.isForAuthors()) return code;
        throw new IllegalArgumentException(code + " is Parvi's own code; choose one of those up to RESOURCE_EXHAUSTED");
    }
}
