package dev.parvi.persistence.cassandra;

import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendLimits;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.StoreCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The bounded way in: takes writes, lets appends of one entity go together, and tells each caller what became of its own. */
final class WriteLine {
    private static final long CHANGE_BYTES = 256;
    /** Each is a statement or two, and a batch has room for 65,535. */
    private static final int RECORDS_MAX = 30_000;

    private final CassandraAppends appends;
    private final PersistenceSettings common;
    private final StoreCounters counters;
    private final AppendLimits limits;
    private final Lanes<Write<?>> lanes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    private int unanswered;
    private long unansweredBytes;
    private boolean closed;

    WriteLine(
            CassandraAppends appends, PersistenceSettings common, CassandraSettings settings, StoreCounters counters) {
        this.appends = appends;
        this.common = common;
        this.counters = counters;
        this.limits = new AppendLimits(settings.appendBytesMax(), RECORDS_MAX);
        this.lanes = new Lanes<>(settings.inFlightMax(), (group, next) -> next.joins(group), WriteLine::start);
    }

    AppendLimits limits() {
        return limits;
    }

    CompletableFuture<AppendResult> append(Append append) {
        if (append.sizeBytes() > limits.bytesMax())
            return refused("events of " + append.sizeBytes() + " bytes are more than one append may weigh,"
                    + " parvi.persistence.cassandra.append-bytes-max");
        if (append.records().size() > limits.recordsMax())
            return refused(append.records().size() + " events are more than the " + RECORDS_MAX + " of one append");
        return accept(append.entity(), append.sizeBytes(), new AppendWrite(append));
    }

    /** Something else that must not run beside an append of the entity. */
    CompletableFuture<Void> change(String entity, Supplier<CompletableFuture<Void>> change) {
        return accept(entity, CHANGE_BYTES, new Change(change));
    }

    int unanswered() {
        lock.lock();
        try {
            return unanswered;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses what comes from now on, and waits this long for what was accepted. */
    void close(long patienceNanos) {
        lock.lock();
        try {
            closed = true;
            var left = patienceNanos;
            while (unanswered > 0 && left > 0) left = empty.awaitNanos(left);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Whatever goes wrong goes to those who wait: a lane that is never left would keep its entity waiting for ever. */
    private static CompletableFuture<?> start(List<Write<?>> group, Runnable seat) {
        try {
            return group.get(0).run(group, seat);
        } catch (RuntimeException | Error unexpected) {
            for (var each : group)
                if (!each.answer.isDone())
                    each.fail(new OutcomeUnknown("the write failed inside this node", unexpected));
            return CompletableFuture.completedFuture(null);
        }
    }

    private <T> CompletableFuture<T> accept(String entity, long bytes, Write<T> write) {
        var refusal = enter(bytes);
        if (!refusal.isEmpty()) return refused(refusal);
        lanes.add(entity, write);
        return write.answer;
    }

    private <T> CompletableFuture<T> refused(String why) {
        counters.onFailed(1);
        return CompletableFuture.failedFuture(new NotServing(why));
    }

    /** An empty string if there is room, else why not. */
    private String enter(long bytes) {
        lock.lock();
        try {
            if (closed) return "the store is closed";
            if (unanswered >= common.queueMax()) return "the store's queue is full: " + unanswered + " writes wait";
            if (unansweredBytes + bytes > common.queueBytesMax())
                return "the store's queue is full: " + unansweredBytes + " bytes wait, " + bytes + " more came";
            unanswered++;
            unansweredBytes += bytes;
            return "";
        } finally {
            lock.unlock();
        }
    }

    private void leave(long bytes) {
        lock.lock();
        try {
            unansweredBytes -= bytes;
            if (--unanswered == 0) empty.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One accepted write and whom to tell. */
    private abstract class Write<T> {
        final CompletableFuture<T> answer = new CompletableFuture<>();
        private final long sizeBytes;

        Write(long sizeBytes) {
            this.sizeBytes = sizeBytes;
        }

        /** Whether it may go together with these, which came before it. */
        abstract boolean joins(List<Write<?>> group);

        /** Carries out the group that it leads; completes when all are answered. */
        abstract CompletableFuture<?> run(List<Write<?>> group, Runnable seat);

        void succeed(T result) {
            leave(sizeBytes);
            answer.complete(result);
        }

        void fail(Throwable failure) {
            leave(sizeBytes);
            counters.onFailed(1);
            answer.completeExceptionally(Requests.unwrap(failure));
        }
    }

    private final class Change extends Write<Void> {
        private final Supplier<CompletableFuture<Void>> change;

        Change(Supplier<CompletableFuture<Void>> change) {
            super(CHANGE_BYTES);
            this.change = change;
        }

        @Override
        boolean joins(List<Write<?>> group) {
            return false;
        }

        @Override
        CompletableFuture<?> run(List<Write<?>> group, Runnable seat) {
            return change.get().whenComplete((done, failure) -> {
                if (failure == null) succeed(done);
                else fail(Silence.toContract(failure));
            });
        }
    }

    private final class AppendWrite extends Write<AppendResult> {
        private final Append append;

        AppendWrite(Append append) {
            super(append.sizeBytes());
            this.append = append;
        }

        /** If it goes on where the last one ends, by the same hand, and is not too much. */
        @Override
        boolean joins(List<Write<?>> group) {
            if (!(group.get(group.size() - 1) instanceof AppendWrite before)) return false;
            var sum = append.sizeBytes();
            var records = append.records().size();
            for (var each : group) {
                sum += each.sizeBytes;
                if (each instanceof AppendWrite earlier)
                    records += earlier.append.records().size();
            }
            return before.append.lastRevision() == append.expectedRevision()
                    && before.append.writer().equals(append.writer())
                    && sum <= limits.bytesMax()
                    && records <= limits.recordsMax();
        }

        @Override
        CompletableFuture<?> run(List<Write<?>> group, Runnable seat) {
            var all = new ArrayList<AppendWrite>(group.size());
            for (var each : group) all.add((AppendWrite) each);
            if (all.size() == 1) return runAlone(seat);
            return appends.carryOut(together(all), seat)
                    .handle((result, failure) -> {
                        if (failure == null && result instanceof Appended) return stored(all);
                        if (failure == null) return oneByOne(all, seat);
                        for (var each : all) each.fail(failure);
                        return CompletableFuture.completedFuture(null);
                    })
                    .thenCompose(answered -> answered);
        }

        private CompletableFuture<?> runAlone(Runnable seat) {
            return appends.carryOut(append, seat).whenComplete((result, failure) -> {
                if (failure != null) fail(failure);
                else tell(result, result instanceof Appended);
            });
        }

        private CompletableFuture<?> stored(List<AppendWrite> group) {
            var first = true;
            for (var each : group) {
                each.tell(new Appended(each.append.lastRevision()), first);
                first = false;
            }
            return CompletableFuture.completedFuture(null);
        }

        /** Together they were refused; some of them may be retries that were stored before. */
        private CompletableFuture<?> oneByOne(List<AppendWrite> group, Runnable seat) {
            var all = CompletableFuture.<Object>completedFuture(null);
            for (var each : group)
                all = all.thenCompose(done -> each.runAlone(seat).handle((result, failure) -> null));
            return all;
        }

        private void tell(AppendResult result, boolean wrote) {
            counters.onAnswered(append, result);
            if (wrote) counters.onCommitted();
            succeed(result);
        }

        private Append together(List<AppendWrite> group) {
            var first = group.get(0).append;
            var records = new ArrayList<Record>();
            for (var each : group) records.addAll(each.append.records());
            return new Append(first.entity(), first.expectedRevision(), first.writer(), records);
        }
    }
}
