package dev.parvi.persistence.transfer;

import dev.parvi.persistence.EventStore;
import dev.parvi.protobuf.ExportedEvents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stores what an export holds in another store: events with their revisions, writers and keys, deletions, snapshots. Appends are
 * fenced like any other, so an entity that the target has already is never overwritten. To run it again is to resume it: what is
 * there, and is the same, is passed over; what is there and differs ends it with {@link TransferFailure}.
 */
public final class Import {
    private static final int LANES = 32;
    private static final int LANE_BLOCKS_MAX = 2;

    private final EventStore target;
    private final String prefix;
    private final Progress progress;
    private final Tally tally;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** @param prefix of the ids of the entities that are wanted; empty for all that the file holds */
    public Import(EventStore target, String prefix, Progress progress) {
        this.target = target;
        this.prefix = prefix;
        this.progress = progress;
        this.tally = new Tally(progress, Totals.NONE);
    }

    /** Throws {@link TransferFailure} if the file is damaged or unfinished, or an entity differs. */
    public Totals from(Path file) {
        try {
            return from(file.toString(), Files.newInputStream(file), Files.size(file));
        } catch (NoSuchFileException missing) {
            throw new TransferFailure("There is no file " + file, missing);
        } catch (IOException failed) {
            throw new TransferFailure(file + " cannot be read: " + failed.getMessage(), failed);
        }
    }

    /**
     * The same, from a stream such as a pipe, which it closes.
     *
     * @param size how many bytes will come; 0 if nobody knows
     */
    public Totals from(String name, InputStream stream, long size) throws IOException {
        var lanes = new ArrayList<Lane>();
        for (var n = 0; n < LANES; n++) lanes.add(new Lane());
        lanes.forEach(Thread::start);
        try (var in = ExportFile.Reader.begin(name, stream)) {
            var isWhole = false;
            for (var block = in.next(); block.isPresent(); block = in.next()) {
                isWhole = block.get().hasFooter();
                if (block.get().hasEvents()) hand(block.get().getEvents(), lanes);
                progress.on(tally.totals(), size > 0 ? (double) in.position() / size : -1);
            }
            for (var lane : lanes) lane.put(Lane.END);
            for (var lane : lanes) lane.join();
            throwFailure();
            if (!isWhole)
                throw new TransferFailure(
                        name + " is an export that was interrupted: what it holds is stored, but it is not all");
            return tally.totals();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TransferFailure("It was interrupted", interrupted);
        } finally {
            lanes.forEach(Thread::interrupt);
        }
    }

    private void hand(ExportedEvents events, List<Lane> lanes) throws InterruptedException {
        throwFailure();
        if (events.getEntity().startsWith(prefix))
            lanes.get(Math.floorMod(events.getEntity().hashCode(), LANES)).put(events);
    }

    private void throwFailure() {
        var failed = failure.get();
        if (failed instanceof RuntimeException known) throw known;
        if (failed != null) throw new UncheckedIOException(new IOException(failed));
    }

    /** Stores the blocks of some entities, one after the other. */
    private final class Lane extends Thread {
        private static final ExportedEvents END = ExportedEvents.getDefaultInstance();

        private final BlockingQueue<ExportedEvents> blocks = new ArrayBlockingQueue<>(LANE_BLOCKS_MAX);
        private final Map<String, ImportedEntity> begun = new HashMap<>();

        Lane() {
            super("parvi-import");
            setDaemon(true);
        }

        void put(ExportedEvents block) throws InterruptedException {
            blocks.put(block);
        }

        /** After a failure it goes on taking, so that nobody waits for room. */
        @Override
        public void run() {
            try {
                for (var block = blocks.take(); block != END; block = blocks.take())
                    if (failure.get() == null) store(block);
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        private void store(ExportedEvents block) {
            try {
                var entity = begun.computeIfAbsent(block.getEntity(), id -> new ImportedEntity(target, id));
                entity.store(block);
                if (block.getEnds()) begun.remove(block.getEntity());
                var isNew = new Totals(block.getEnds() ? 1 : 0, block.getEventsCount(), block.hasSnapshot() ? 1 : 0);
                tally.sum(isNew);
            } catch (RuntimeException failed) {
                failure.compareAndSet(null, failed);
            }
        }
    }
}
