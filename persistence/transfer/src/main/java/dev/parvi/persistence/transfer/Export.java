package dev.parvi.persistence.transfer;

import dev.parvi.persistence.ClusterClaim;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.EntityExtent;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.SnapshotRange;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.ExportBlock;
import dev.parvi.protobuf.ExportCheckpoint;
import dev.parvi.protobuf.ExportFooter;
import dev.parvi.protobuf.ExportHeader;
import dev.parvi.protobuf.ExportedEvent;
import dev.parvi.protobuf.ExportedEvents;
import dev.parvi.protobuf.ExportedSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes entities to a file while the nodes go on. Of each entity the file holds its history up to some revision that it had during
 * the export, whole: never a later event without an earlier one. Two entities may be of different moments.
 */
public final class Export {
    private static final int PAGE = 500;
    private static final int BLOCK_EVENTS_MAX = 1_000;
    private static final long BLOCK_BYTES_MAX = 256 << 10;

    private final EventStore store;
    private final String prefix;
    private final Progress progress;
    private Tally tally;

    /** @param prefix of the ids of the entities that are wanted; empty for all */
    public Export(EventStore store, String prefix, Progress progress) {
        this.store = store;
        this.prefix = prefix;
        this.progress = progress;
        this.tally = new Tally(progress, Totals.NONE);
    }

    /** Writes a new file. Throws {@link TransferFailure} if there is one, or if it cannot be written. */
    public Totals toFile(Path file) {
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            return synced(file, to(out));
        } catch (FileAlreadyExistsException there) {
            throw new TransferFailure(
                    file + " is there already: remove it, or, if it is an export that was interrupted, resume it",
                    there);
        } catch (IOException | UncheckedIOException failure) {
            throw new TransferFailure(file + " cannot be written: " + failure.getMessage(), failure);
        }
    }

    /** Goes on where an export of the same store was interrupted. */
    public Totals resume(Path file) {
        try {
            var interruption = ExportFile.Interruption.in(file);
            if (!interruption.prefix().equals(prefix))
                throw new TransferFailure(
                        file + " is an export of \"" + interruption.prefix() + "\", not of \"" + prefix + "\"");
            tally = new Tally(progress, Totals.of(interruption.checkpoint().getTotals()));
            try (var out = ExportFile.Writer.goOn(file, interruption.position())) {
                return synced(file, run(out, interruption.checkpoint().getCursor()));
            }
        } catch (NoSuchFileException missing) {
            throw new TransferFailure("There is no file " + file + " to go on with", missing);
        } catch (IOException | UncheckedIOException failure) {
            throw new TransferFailure(file + " cannot be resumed: " + failure.getMessage(), failure);
        }
    }

    /** A backup that is said to be made survives power loss. */
    private static Totals synced(Path file, Totals written) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return written;
    }

    /** Writes to a stream, such as a pipe. */
    public Totals to(OutputStream stream) throws IOException {
        var out = ExportFile.Writer.begin(stream);
        out.write(ExportBlock.newBuilder()
                .setHeader(ExportHeader.newBuilder()
                        .setPrefix(prefix)
                        .setTimeMillis(Instant.now().toEpochMilli()))
                .build());
        return run(out, "");
    }

    private Totals run(ExportFile.Writer out, String from) throws IOException {
        try (var crew = new Crew("parvi-export")) {
            var cursor = from;
            do {
                var at = cursor;
                var page = Patience.get(() -> store.entities(prefix, at, PAGE));
                crew.forEach(page.entities(), extent -> {
                    if (!extent.entity().equals(ClusterClaim.ENTITY)) new History(extent, out).write();
                });
                cursor = page.next();
                if (!cursor.isEmpty()) out.write(checkpoint(cursor));
                out.flush();
            } while (!cursor.isEmpty());
        }
        out.write(ExportBlock.newBuilder()
                .setFooter(ExportFooter.newBuilder().setTotals(tally.totals().toStored()))
                .build());
        out.flush();
        return tally.totals();
    }

    private ExportBlock checkpoint(String cursor) {
        return ExportBlock.newBuilder()
                .setCheckpoint(ExportCheckpoint.newBuilder()
                        .setCursor(cursor)
                        .setTotals(tally.totals().toStored()))
                .build();
    }

    /** The history of one entity, up to the head that the walk saw. */
    private final class History {
        private final EntityExtent extent;
        private final ExportFile.Writer out;
        private final List<StoredEvent> events = new ArrayList<>();
        private long bytes;
        private long next;
        private int max = BLOCK_EVENTS_MAX;

        History(EntityExtent extent, ExportFile.Writer out) {
            this.extent = extent;
            this.out = out;
            this.next = extent.deleted() + 1;
        }

        void write() {
            var snapshot = Patience.get(() -> store.load(
                    extent.entity(),
                    new SnapshotRange(0, extent.head(), SnapshotRange.ALL.timeMin(), SnapshotRange.ALL.timeMax())));
            while (next <= extent.head()) {
                readSome();
                // Nothing came: the rest was deleted on purpose since the walk passed.
                if (events.isEmpty()) break;
                if (next <= extent.head()) writeBlock(ExportedEvents.newBuilder());
            }
            var last = ExportedEvents.newBuilder().setEnds(true);
            snapshot.ifPresent(present -> last.setSnapshot(stored(present)));
            writeBlock(last);
            tally.add(new Totals(1, 0, snapshot.isPresent() ? 1 : 0));
        }

        private void readSome() {
            Patience.get(() -> {
                events.clear();
                bytes = 0;
                return store.replay(extent.entity(), next, extent.head(), max, this::take);
            });
            max = bytes > BLOCK_BYTES_MAX ? Math.max(1, events.size()) : BLOCK_EVENTS_MAX;
            if (!events.isEmpty()) next = events.get(events.size() - 1).revision() + 1;
        }

        /** What is too much for a block is read again for the next. */
        private void take(StoredEvent event) {
            if (!events.isEmpty() && bytes > BLOCK_BYTES_MAX) return;
            events.add(event);
            bytes += event.record().size();
        }

        private void writeBlock(ExportedEvents.Builder block) {
            block.setEntity(extent.entity()).setFirst(first());
            var writer = "";
            for (var event : events) {
                var stored = ExportedEvent.newBuilder().setRecord(event.record());
                if (!event.writer().equals(writer)) stored.setWriter(event.writer());
                writer = event.writer();
                block.addEvents(stored);
            }
            try {
                out.write(ExportBlock.newBuilder().setEvents(block).build());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure.getMessage(), failure);
            }
            tally.add(new Totals(0, events.size(), 0));
            events.clear();
        }

        /** Without events, the revision that the next one will have. */
        private long first() {
            return events.isEmpty() ? extent.head() + 1 : events.get(0).revision();
        }
    }

    private static ExportedSnapshot stored(Snapshot snapshot) {
        return ExportedSnapshot.newBuilder()
                .setRevision(snapshot.revision())
                .setWriter(snapshot.writer())
                .setTimeMillis(snapshot.time().toEpochMilli())
                .setRecord(snapshot.record())
                .build();
    }
}
