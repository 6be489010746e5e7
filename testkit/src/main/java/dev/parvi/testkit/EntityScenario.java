package dev.parvi.testkit;

import com.google.protobuf.Message;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandOutcome.Completed;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One entity and what happens to it, told in order: {@code given} events, {@code when} a command, {@code then} what it came to.
 * Any number of commands may follow each other. Time stands still until {@link #after} moves it.
 *
 * <p>Whatever does not hold is an {@link AssertionError} that shows both sides.
 *
 * @param <S> the state message
 * @param <E> the event message
 */
public final class EntityScenario<S extends Message, E extends Message> {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EntityType<S, E> type;
    private final History<S, E> history;
    private final String id;
    private Instant now = START;
    private String principal = "";
    private String key = "";
    private long expectedRevision = EntityCommand.ANY_REVISION;
    private @Nullable CommandOutcome outcome;
    private List<E> events = List.of();

    private EntityScenario(Entity<S, E> entity, String id) {
        this.type = entity.type();
        this.id = id;
        this.history = new History<>(entity, id);
    }

    /** An entity without events, under an id that does not matter. */
    public static <S extends Message, E extends Message> EntityScenario<S, E> of(Entity<S, E> entity) {
        return of(entity, "test");
    }

    /** An entity without events, under this id. */
    public static <S extends Message, E extends Message> EntityScenario<S, E> of(Entity<S, E> entity, String id) {
        return new EntityScenario<>(entity, id);
    }

    /** These events are stored already. */
    @SafeVarargs
    public final EntityScenario<S, E> given(E... stored) {
        for (var event : stored) history.add(event, now);
        history.check();
        return this;
    }

    /** The following commands reach the entity this much later. */
    public EntityScenario<S, E> after(Duration pause) {
        now = now.plus(pause);
        return this;
    }

    /** The following commands reach the entity at this time; until told otherwise it is the start of 2026. */
    public EntityScenario<S, E> at(Instant time) {
        now = time;
        return this;
    }

    /** The following commands run on behalf of this principal. */
    public EntityScenario<S, E> as(String caller) {
        principal = caller;
        return this;
    }

    /** The next command carries this idempotency key. */
    public EntityScenario<S, E> withKey(String idempotencyKey) {
        key = idempotencyKey;
        return this;
    }

    /** The next command insists on this revision. */
    public EntityScenario<S, E> ifRevision(long revision) {
        expectedRevision = revision;
        return this;
    }

    /** Sends a command or a query, by the name that the {@code .proto} gives it. */
    public EntityScenario<S, E> when(String rpc, Message request) {
        return send(method(rpc, request), request);
    }

    /** Deletes the entity, as {@code DELETE} does. */
    public EntityScenario<S, E> whenDeleted() {
        var deletion = type.deletion()
                .orElseThrow(() -> new AssertionError(
                        type + " cannot be deleted: write deletable: true into the option (parvi.v1.entity)"));
        return send(deletion, deletion.request());
    }

    private EntityScenario<S, E> send(EntityType.Method method, Message request) {
        var command = new EntityCommand(
                type, id, method, request, key, false, expectedRevision, now.plus(PATIENCE), principal, "");
        var decided = history.decide(command, now);
        outcome = decided.outcome();
        events = decided.events();
        key = "";
        expectedRevision = EntityCommand.ANY_REVISION;
        history.check();
        return this;
    }

    /** The last command stored exactly these events. */
    @SafeVarargs
    public final EntityScenario<S, E> thenEvents(E... expected) {
        outcome();
        return require(
                List.of(expected).equals(events), "events", () -> Text.of(List.of(expected)), () -> Text.of(events));
    }

    /** The last command stored nothing. */
    public EntityScenario<S, E> thenNoEvents() {
        outcome();
        return require(events.isEmpty(), "events", () -> "none", () -> Text.of(events));
    }

    /** The last command was answered with this message. */
    public EntityScenario<S, E> thenReply(Message expected) {
        var actual = completed().reply();
        return require(expected.equals(actual), "reply", () -> Text.of(expected), () -> Text.of(actual));
    }

    /** The last command was refused with this code. */
    public EntityScenario<S, E> thenRejected(Rejection.Code expected) {
        return require(rejection().code() == expected, "rejection", expected::name, () -> Text.of(outcome()));
    }

    /** The last command was refused with this code, because of this field. */
    public EntityScenario<S, E> thenRejected(Rejection.Code expected, String field) {
        return require(
                rejection().code() == expected && rejection().field().equals(field),
                "rejection",
                () -> expected + " of the field " + field,
                () -> Text.of(outcome()));
    }

    /** This is what the entity knows now. */
    public EntityScenario<S, E> thenState(S expected) {
        return require(expected.equals(state()), "state", () -> Text.of(expected), () -> Text.of(state()));
    }

    /** The entity is deleted now: whatever comes is rejected as {@link Rejection.Code#DELETED}. */
    public EntityScenario<S, E> thenDeleted() {
        return require(history.isDeleted(), "life", () -> "deleted", () -> Text.of(outcome()));
    }

    /** The entity has this many events now; a deletion counts as one. */
    public EntityScenario<S, E> thenRevision(long expected) {
        var actual = history.revision();
        return require(expected == actual, "revision", () -> "" + expected, () -> "" + actual);
    }

    /** What the entity knows now, for checks of your own. */
    public S state() {
        return history.state();
    }

    /** What the last command was answered with, for checks of your own. */
    public <R extends Message> R reply(Class<R> message) {
        return message.cast(completed().reply());
    }

    /** Why the last command was refused, for checks of your own. */
    public Rejection rejection() {
        return outcome()
                .fold(
                        c -> fail("a rejection", c),
                        rejection -> rejection,
                        n -> fail("a rejection", n),
                        u -> fail("a rejection", u));
    }

    private Completed completed() {
        return outcome()
                .fold(
                        completed -> completed,
                        r -> fail("a reply", r),
                        n -> fail("a reply", n),
                        u -> fail("a reply", u));
    }

    private CommandOutcome outcome() {
        return Objects.requireNonNull(outcome, "say first when something happens: there was no command yet");
    }

    private EntityType.Method method(String rpc, Message request) {
        var method = type.method(rpc);
        if (method == null)
            throw new AssertionError(type + " has no rpc " + rpc + ", only "
                    + type.methods().stream().map(EntityType.Method::name).toList());
        if (!method.request().getClass().equals(request.getClass()))
            throw new AssertionError(
                    rpc + " takes a " + Text.typeOf(method.request()) + ", not a " + Text.typeOf(request));
        return method;
    }

    private EntityScenario<S, E> require(
            boolean holds, String what, Supplier<String> expected, Supplier<String> actual) {
        if (holds) return this;
        throw Text.failure("unexpected " + what, expected.get(), actual.get(), outcome);
    }

    private static <T> T fail(String expected, CommandOutcome actual) {
        throw Text.failure("unexpected outcome", expected, Text.of(actual), actual);
    }
}
