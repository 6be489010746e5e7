package dev.parvi.persistence.cassandra;

import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Carries out one append: writes it under its condition, and does not answer before it knows what became of it. */
final class CassandraAppends {
    private static final int TRIES_MAX = 5;
    private static final long PAUSE_MILLIS_MIN = 50;
    private static final long PAUSE_MILLIS_MAX = 500;

    private final Requests requests;
    private final Cql cql;
    private final Partitions partitions;
    private final Partitions insistent;
    private final Histories histories;
    private final Tails tails;
    private final Announcements announcements;
    private final CassandraSettings settings;

    CassandraAppends(
            Requests requests,
            Cql cql,
            Partitions partitions,
            Histories histories,
            Tails tails,
            Announcements announcements,
            CassandraSettings settings) {
        this.requests = requests;
        this.cql = cql;
        this.partitions = partitions;
        this.insistent = new Partitions(cql, requests::sendAnyway);
        this.histories = histories;
        this.tails = tails;
        this.announcements = announcements;
        this.settings = settings;
    }

    /**
     * Fails with {@link NotServing}, {@link OutcomeUnknown} or, if what is stored already is damaged, with that.
     *
     * @param onDoubt called when all that is left is to find out what became of it
     */
    CompletableFuture<AppendResult> carryOut(Append append, Runnable onDoubt) {
        var known = tails.find(append.entity());
        var written = known == null
                ? tails.fresh(append.entity(), partitions).thenCompose(tail -> write(append, tail))
                : write(append, known);
        return decided(append, written, 1, onDoubt);
    }

    private CompletableFuture<AppendResult> decided(
            Append append, CompletableFuture<Optional<Tail>> written, int tries, Runnable onDoubt) {
        return written.handle((tail, failure) -> {
                    if (failure == null)
                        return tail.isPresent() ? stored(append, tail.get()) : lookAgain(append, tries, onDoubt);
                    var cause = Requests.unwrap(failure);
                    if (cause instanceof Uncertain) {
                        onDoubt.run();
                        return resolve(append, cause, System.nanoTime(), 0);
                    }
                    return CompletableFuture.<AppendResult>failedFuture(Silence.toContract(cause));
                })
                .thenCompose(result -> result);
    }

    /** It is in this partition, announced in its epoch. */
    private CompletableFuture<AppendResult> stored(Append append, Tail tail) {
        return announcements
                .confirm(append.entity(), append.expectedRevision() + 1, tail.bucket(), tail.epoch())
                .<AppendResult>thenApply(confirmed -> new Appended(append.lastRevision()))
                .whenComplete((result, failure) -> {
                    if (failure != null) tails.forget(append.entity());
                });
    }

    /** The condition did not hold: what was remembered is out of date, or the append is stored already, or somebody was faster. */
    private CompletableFuture<AppendResult> lookAgain(Append append, int tries, Runnable onDoubt) {
        tails.forget(append.entity());
        if (tries >= TRIES_MAX)
            return CompletableFuture.failedFuture(
                    new NotServing("others write to " + append.entity() + " all the time"));
        return partitions
                .last(append.entity())
                .thenCompose(tail -> {
                    if (tail.head() == append.expectedRevision())
                        return decided(append, write(append, tail), tries + 1, onDoubt);
                    return compare(append, tail);
                })
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(Silence.toContract(failure)));
    }

    private CompletableFuture<AppendResult> compare(Append append, Tail tail) {
        return histories
                .holds(append, tail)
                .thenCompose(isStored -> isStored
                        ? storedBefore(append, tail)
                        : CompletableFuture.completedFuture(new Fenced(tail.head())));
    }

    /** It was stored by an earlier attempt, which nobody may have seen announced. */
    private CompletableFuture<AppendResult> storedBefore(Append append, Tail tail) {
        var first = append.expectedRevision() + 1;
        return partitions
                .holding(append.entity(), first, tail)
                .thenCompose(partition -> announcements.confirm(append.entity(), first, partition.bucket(), 0))
                .<AppendResult>thenApply(confirmed -> new Appended(append.lastRevision()))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unresolved(append, unwrap(failure))));
    }

    /**
     * Finds out what became of an append that was sent. Reading at SERIAL completes what was half agreed on. If the head has not moved,
     * the request may still be on its way somewhere, so the same append is sent again: whichever of the two comes first makes the
     * condition of the other false, and then the rows tell whose they are. Only silence is worth another try.
     */
    private CompletableFuture<AppendResult> resolve(Append append, Throwable last, long since, int tries) {
        tails.forget(append.entity());
        if (System.nanoTime() - since > settings.resolveTimeout().toNanos())
            return CompletableFuture.failedFuture(new OutcomeUnknown(
                    "Cassandra did not say whether " + append.entity() + " is at revision " + append.lastRevision(),
                    unwrap(last)));
        return insistent
                .last(append.entity())
                .thenCompose(tail -> tail.head() == append.expectedRevision()
                        ? write(append, tail)
                                .thenCompose(written -> written.isPresent()
                                        ? stored(append, written.get())
                                                .<@Nullable AppendResult>thenApply(result -> result)
                                        : CompletableFuture.<@Nullable AppendResult>completedFuture(null))
                        : compare(append, tail).<@Nullable AppendResult>thenApply(result -> result))
                .handle((result, failure) -> {
                    if (result != null) return CompletableFuture.completedFuture(result);
                    if (failure != null && !Silence.isSilence(unwrap(failure)))
                        return CompletableFuture.<AppendResult>failedFuture(unresolved(append, unwrap(failure)));
                    return later(tries)
                            .thenCompose(paused -> resolve(append, failure == null ? last : failure, since, tries + 1));
                })
                .thenCompose(next -> next);
    }

    /** To ask again would not help; what is damaged is said to be, else the append may still have been carried out. */
    private static RuntimeException unresolved(Append append, Throwable cause) {
        if (cause instanceof DamagedRecord damaged) return damaged;
        return new OutcomeUnknown(
                "it cannot be found out whether " + append.entity() + " is at revision " + append.lastRevision() + ": "
                        + cause.getMessage(),
                cause);
    }

    private static Throwable unwrap(Throwable failure) {
        var cause = Requests.unwrap(failure);
        return cause instanceof Uncertain uncertain ? Requests.unwrap(uncertain.cause) : cause;
    }

    /** The tail after it; empty if the condition did not hold. Fails with {@link Uncertain} if it may have been applied. */
    private CompletableFuture<Optional<Tail>> write(Append append, Tail tail) {
        if (tail.head() != append.expectedRevision()) return CompletableFuture.completedFuture(Optional.empty());
        if (!tail.isFull(settings)) return writeTo(append, tail);
        var sealed = tail.isSealed()
                ? CompletableFuture.completedFuture(true)
                : inDoubt(requests.send(cql.seal(append.entity(), tail)).thenApply(Requests::isApplied));
        // Looks once more: what was deleted until the partition was sealed must be known to the next one.
        return sealed.thenCompose(isSealed -> isSealed
                ? partitions.at(append.entity(), tail.bucket()).thenCompose(last -> writeTo(append, last.next()))
                : CompletableFuture.completedFuture(Optional.empty()));
    }

    private CompletableFuture<Optional<Tail>> writeTo(Append append, Tail tail) {
        return announcements.announce(append.entity(), tail).thenCompose(epoch -> writeTo(append, tail, epoch));
    }

    private CompletableFuture<Optional<Tail>> writeTo(Append append, Tail tail, long epoch) {
        return inDoubt(requests.send(cql.append(append, tail, epoch)).thenApply(rows -> {
            if (!Requests.isApplied(rows)) return Optional.<Tail>empty();
            var after = tail.after(append, epoch);
            tails.remember(append.entity(), after);
            return Optional.of(after);
        }));
    }

    /** A seal that got no answer is looked after like an append: another node may well carry both out. */
    private static <T> CompletableFuture<T> inDoubt(CompletableFuture<T> written) {
        return written.exceptionallyCompose(failure -> {
            var cause = Requests.unwrap(failure);
            return CompletableFuture.failedFuture(
                    Silence.of(cause) == Silence.UNCERTAIN ? new Uncertain(cause) : cause);
        });
    }

    private static CompletableFuture<Void> later(int tries) {
        var most = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_MIN << Math.min(tries, 10));
        var pause = ThreadLocalRandom.current().nextLong(most / 2, most);
        return Requests.after(pause);
    }

    /** A write that was sent and not answered. */
    private static final class Uncertain extends RuntimeException {
        private final Throwable cause;

        Uncertain(Throwable cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
