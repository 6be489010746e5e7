package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.EntityPage;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.RecordChecksum;
import dev.parvi.persistence.StoreCounters;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.persistence.cassandra.Epochs.Clocks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The store in Cassandra. */
final class CassandraStore implements EventStore {
    private static final long PATIENCE_SECONDS = 30;

    private final Requests requests;
    private final Partitions partitions;
    private final Tails tails = new Tails();
    private final Histories histories;
    private final RingWalk walk;
    private final Snapshots snapshots;
    private final Deletions deletions;
    private final Epochs epochs;
    private final Feed feed;
    private final WriteLine writes;
    private final StoreCounters counters = new StoreCounters();
    private final ExecutorService readers;

    private CassandraStore(
            String name,
            CqlSession session,
            Cql cql,
            FeedCql feedCql,
            PersistenceSettings common,
            CassandraSettings settings,
            Clocks clocks) {
        var numbers = new AtomicInteger();
        this.readers = Executors.newFixedThreadPool(settings.readers(), work -> {
            var thread = new Thread(work, "parvi-store-reader-" + numbers.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.requests = new Requests(session, settings);
        this.partitions = new Partitions(cql, requests::send);
        this.histories = new Histories(name, requests, cql, partitions, tails, readers);
        this.snapshots = new Snapshots(name, requests, cql, partitions, tails, common.verifySnapshots(), readers);
        this.walk = new RingWalk(requests, cql, partitions);
        this.deletions = new Deletions(requests, cql, partitions, tails);
        this.epochs = new Epochs(requests, feedCql, clocks);
        var telling = new Telling(name, requests, feedCql, partitions, histories, readers);
        this.feed = new Feed(requests, feedCql, epochs, walk, telling, settings);
        var announcements = new Announcements(requests, feedCql, epochs, settings);
        var appends = new CassandraAppends(requests, cql, partitions, histories, tails, announcements, settings);
        this.writes = new WriteLine(appends, common, settings, counters);
    }

    static CassandraStore open(PersistenceSettings common, CassandraSettings settings) {
        return open(common, settings, session -> session);
    }

    /** Over a session that may do something else than it is told, for tests. */
    static CassandraStore open(
            PersistenceSettings common, CassandraSettings settings, UnaryOperator<CqlSession> faults) {
        return open(common, settings, faults, Clocks.SYSTEM);
    }

    /** The same, by clocks that may tell something else than the time. */
    static CassandraStore open(
            PersistenceSettings common, CassandraSettings settings, UnaryOperator<CqlSession> faults, Clocks clocks) {
        var url = CassandraUrl.parse(common.store());
        var keyspace = url.keyspace().isEmpty() ? settings.keyspace() : url.keyspace();
        var session = faults.apply(CassandraConnection.openSession(url, settings));
        try {
            var ring = new RingChecks(session, keyspace, settings.scope());
            ring.requirePaxos();
            var schema = new CassandraSchema(session, keyspace, settings);
            if (common.autoMigrate()) schema.migrate();
            else schema.awaitAgreement("this node again");
            schema.requireCurrent();
            ring.requireOneElectorate();
            ring.warnOfRisks();
            var cql = new Cql(session, keyspace, settings.scope());
            var feedCql = new FeedCql(session, keyspace, settings.scope());
            return new CassandraStore(
                    "Cassandra, keyspace " + keyspace, session, cql, feedCql, common, settings, clocks);
        } catch (DriverException failure) {
            session.close();
            throw unusable(failure);
        } catch (RuntimeException failure) {
            session.close();
            throw failure;
        }
    }

    /** Makes or changes the tables, and says what was done. */
    static String migrate(PersistenceSettings common, CassandraSettings settings) {
        var url = CassandraUrl.parse(common.store());
        var keyspace = url.keyspace().isEmpty() ? settings.keyspace() : url.keyspace();
        try (var session = CassandraConnection.openSession(url, settings)) {
            return new CassandraSchema(session, keyspace, settings).migrate();
        } catch (DriverException failure) {
            throw unusable(failure);
        }
    }

    private static UnusableStore unusable(DriverException failure) {
        return new UnusableStore("Cassandra does not carry out what a start needs: " + failure.getMessage(), failure);
    }

    @Override
    public CompletableFuture<AppendResult> append(Append append) {
        return writes.append(append);
    }

    @Override
    public AppendLimits appendLimits() {
        return writes.limits();
    }

    @Override
    public CompletableFuture<Long> head(String entity) {
        return reading(() -> tails.fresh(entity, partitions).thenApply(Tail::head));
    }

    @Override
    public CompletableFuture<Void> replay(String entity, long from, long to, long max, Consumer<StoredEvent> onEvent) {
        return reading(() -> histories.replay(entity, from, to, max, onEvent));
    }

    /** A tail that is remembered will do: if somebody else has stored the key since, the append that follows is fenced. */
    @Override
    public CompletableFuture<List<StoredEvent>> find(String entity, String key) {
        if (key.isEmpty()) return CompletableFuture.completedFuture(List.of());
        var hash = RecordChecksum.ofKey(key);
        return reading(
                () -> tails.reaching(entity, 0, partitions).thenCompose(tail -> histories.find(entity, hash, tail)));
    }

    @Override
    public CompletableFuture<Void> deleteTo(String entity, long revision) {
        return writes.change(entity, () -> deletions.deleteTo(entity, revision));
    }

    @Override
    public CompletableFuture<Void> save(Snapshot snapshot, int kept) {
        return reading(() -> snapshots.save(snapshot, kept));
    }

    @Override
    public CompletableFuture<Optional<Snapshot>> load(String entity, SnapshotRange range) {
        return reading(() -> snapshots.load(entity, range));
    }

    @Override
    public CompletableFuture<Void> deleteSnapshots(String entity, SnapshotRange range) {
        return reading(() -> snapshots.delete(entity, range));
    }

    @Override
    public CompletableFuture<EntityPage> entities(String prefix, String cursor, int max) {
        return reading(() -> walk.page(prefix, cursor, max));
    }

    @Override
    public CompletableFuture<FeedPage> feed(Slices slices, String prefix, String cursor, int max) {
        return reading(() -> feed.page(slices, prefix, cursor, max));
    }

    @Override
    public CompletableFuture<String> feedEnd() {
        return reading(feed::end);
    }

    /** Never stalled: requests have time limits, and no restart of this process would wake the ring. */
    @Override
    public Stats stats() {
        return counters.toStats(writes.unanswered(), Duration.ZERO);
    }

    /** A ring heals: there is nothing that only a new process could mend. */
    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {
        writes.close(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
        epochs.close();
        requests.close();
        readers.shutdown();
    }

    /** What the driver says becomes what the contract says. */
    private static <T> CompletableFuture<T> reading(Supplier<CompletableFuture<T>> request) {
        return request.get()
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(Silence.toContract(failure)));
    }
}
