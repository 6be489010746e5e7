package dev.parvi.persistence.pekkojournal;

import com.datastax.oss.driver.api.core.DriverException;
import com.typesafe.config.Config;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.persistence.cassandra.CassandraConnection;
import dev.parvi.persistence.pekkojournal.JournalReport.Progress;
import dev.parvi.persistence.pekkojournal.JournalTables.PartitionKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A journal that pekko-persistence-cassandra or Akka's plugin has written. It is only ever read: the user that signs in needs no right
 * but to SELECT. Its application may go on writing meanwhile; what is stored behind the reader's back may be missed.
 *
 * <p>Every method blocks, and throws {@link UnusableStore} with one sentence if the ring does not answer.
 */
public final class PekkoJournal implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final CassandraConnection connection;
    private final PekkoJournalSettings settings;
    private final JournalTables tables;

    private PekkoJournal(CassandraConnection connection, PekkoJournalSettings settings, JournalTables tables) {
        this.connection = connection;
        this.settings = settings;
        this.tables = tables;
    }

    /**
     * Connects to a journal, with the settings {@code parvi.pekko-journal} and {@code parvi.persistence.cassandra}. A wrong setting
     * throws an {@link IllegalArgumentException} that names its key.
     *
     * @param url {@code cassandra://<host>:<port>/<keyspace>}
     */
    public static PekkoJournal open(String url, Config config) {
        var settings = PekkoJournalSettings.from(config);
        var connection = CassandraConnection.open(url, "the journal's URL", config);
        try {
            var tables = guarded(() -> JournalTables.of(connection.session(), connection.keyspace(), settings));
            return new PekkoJournal(connection, settings, tables);
        } catch (UnusableStore failure) {
            connection.close();
            throw failure;
        }
    }

    /**
     * Reads all of it, and says what two writers did to each other. Memory stays the same however large the journal is.
     *
     * @param onFinding told by one thread at a time, about one persistence id after the other
     * @param onProgress told about once a second
     */
    public JournalReport inspect(Consumer<JournalFinding> onFinding, Consumer<Progress> onProgress) {
        var inspection = new Inspection(onFinding);
        walk(
                new RingWalk.Visitor() {
                    @Override
                    public void onBeginning(PartitionKey lowest) {
                        var sink = inspection.of(lowest.persistenceId(), true);
                        follow(lowest, false, sink);
                        sink.end();
                    }

                    @Override
                    public void onHole(PartitionKey below, PartitionKey above) {
                        var sink = inspection.of(above.persistenceId(), false);
                        follow(above, false, History.behindHole(tables.lastNumber(below), settings, sink));
                        sink.end();
                    }
                },
                () -> onProgress.accept(inspection.progress()));
        return inspection.report();
    }

    /** Hands over every persistence id that has events, once, from several threads at a time. */
    public void forEach(Consumer<Replay> onReplay, Runnable eachSecond) {
        walk(
                new RingWalk.Visitor() {
                    @Override
                    public void onBeginning(PartitionKey lowest) {
                        onReplay.accept(new Replay(lowest));
                    }

                    @Override
                    public void onHole(PartitionKey below, PartitionKey above) {
                        // Whoever asks for the obstacle of its replay has been told.
                    }
                },
                eachSecond);
    }

    /** The replay of one persistence id, whether it has events or not. */
    public Replay replay(String persistenceId) {
        return guarded(() -> {
            var first = new PartitionKey(persistenceId, tables.deletedTo(persistenceId) / settings.partitionSize());
            var next = first.at(first.number() + 1);
            return new Replay(!tables.hasRows(first) && tables.hasRows(next) ? next : first);
        });
    }

    @Override
    public void close() {
        connection.close();
    }

    /** What a persistent actor that starts from its first event would be told. */
    public final class Replay {
        private final PartitionKey lowest;

        private Replay(PartitionKey lowest) {
            this.lowest = lowest;
        }

        public String persistenceId() {
            return lowest.persistenceId();
        }

        /** Hands over, in order, the events that the replay filter lets through, up to the first missing number. */
        public void events(Consumer<JournalEvent> onEvent) {
            guarded(() -> follow(lowest, true, new Sieve(onEvent)));
        }

        /** Why the replay does not come to the end of what is stored, in a sentence; empty if it does. */
        public Optional<String> obstacle() {
            return guarded(() -> {
                var doubts = new Doubts();
                var afterLast = follow(lowest, false, doubts);
                if (doubts.sentence.isEmpty() && tables.hasRows(lowest.at(afterLast + 1)))
                    doubts.sentence = "partition " + afterLast + " is empty, and higher ones are not";
                return doubts.sentence.isEmpty() ? Optional.empty() : Optional.of(doubts.sentence);
            });
        }
    }

    /** Lets through what replay delivers. */
    private record Sieve(Consumer<JournalEvent> onEvent) implements History.Sink {
        @Override
        public void onRow(JournalEvent event, Fate fate) {
            if (fate == Fate.KEPT) onEvent.accept(event);
        }

        @Override
        public void onGap(long from, long to) {
            // What follows is not reached, if gaps matter.
        }
    }

    /** Remembers the first place where a replay fails. */
    private final class Doubts implements History.Sink {
        private String sentence = "";

        @Override
        public void onRow(JournalEvent event, Fate fate) {
            if (fate == Fate.NOT_REACHED && sentence.isEmpty())
                sentence = "the replay filter fails at number " + event.sequenceNr();
        }

        @Override
        public void onGap(long from, long to) {
            if (settings.gapFree() && sentence.isEmpty())
                sentence = from == to
                        ? "number " + from + " is missing"
                        : "numbers " + from + " to " + to + " are missing";
        }
    }

    private void walk(RingWalk.Visitor visitor, Runnable eachSecond) {
        guarded(() -> {
            new RingWalk(tables, visitor).run(settings.parallelism(), TICK, eachSecond);
            return true;
        });
    }

    /** Feeds a history that begins here, and gives the number of the partition where it ended for want of rows. */
    private long follow(PartitionKey lowest, boolean withPayload, History.Sink sink) {
        return follow(lowest, withPayload, new History(tables.deletedTo(lowest.persistenceId()), settings, sink));
    }

    private long follow(PartitionKey lowest, boolean withPayload, History history) {
        var partition = lowest;
        history.onPartition();
        while (tables.read(partition, withPayload, history::onRow)) {
            partition = partition.at(partition.number() + 1);
            history.onPartition();
        }
        history.end();
        return partition.number();
    }

    private static <T> T guarded(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (DriverException silence) {
            throw new UnusableStore("the journal could not be read to its end: " + silence.getMessage(), silence);
        }
    }
}
