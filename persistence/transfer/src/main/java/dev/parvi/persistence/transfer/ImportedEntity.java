package dev.parvi.persistence.transfer;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.Snapshot;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.ExportedEvent;
import dev.parvi.protobuf.ExportedEvents;
import dev.parvi.protobuf.ExportedSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Makes one entity of the target what the blocks of an export say, in their order. What the target has of it already is changed only
 * once it is known to be the same. Not for several threads.
 */
final class ImportedEntity {
    private static final int APPEND_EVENTS_MAX = 200;
    private static final long APPEND_BYTES_MAX = 512 << 10;
    private static final int SNAPSHOTS_KEPT = 2;
    /** Who stores what stands for deleted events. */
    private static final String FILLER = "parvi-import";

    private final EventStore target;
    private final String entity;
    /** How far the target's history goes. */
    private long head = -1;

    /** Whether that history is known to be the export's. */
    private boolean isSame;

    /** How far the export's history has come, and what is there. */
    private long reached;

    private String writer = "";
    private ByteString record = ByteString.EMPTY;
    /** The export's events up to here were deleted. */
    private long deleted;

    private final List<Record> gathered = new ArrayList<>();
    private long gatheredBytes;

    ImportedEntity(EventStore target, String entity) {
        this.target = target;
        this.entity = entity;
    }

    void store(ExportedEvents block) {
        if (head < 0) {
            head = Patience.get(() -> target.head(entity));
            isSame = head == 0;
        }
        if (block.getFirst() > reached + 1) passDeleted(block.getFirst() - 1);
        writer = "";
        for (var event : block.getEventsList()) pass(event);
        flush();
        if (block.getEnds() && !isSame) requireSame(reached);
        // A target that has gone on knows better; and it may have deleted all that the snapshot stands for.
        if (block.hasSnapshot() && head == reached) save(block.getSnapshot());
    }

    private void pass(ExportedEvent event) {
        if (!event.getWriter().isEmpty() && !event.getWriter().equals(writer)) {
            flush();
            writer = event.getWriter();
        }
        record = event.getRecord();
        reached++;
        if (reached > head) gather(new StoredEvent(entity, reached, writer, record).toRecord());
        else if (reached == head && !isSame) requireSame(head);
    }

    private void gather(Record next) {
        var bytes = next.bytes().size();
        if (gathered.size() >= APPEND_EVENTS_MAX || gatheredBytes + bytes > APPEND_BYTES_MAX) flush();
        gathered.add(next);
        gatheredBytes += bytes;
    }

    private void flush() {
        if (gathered.isEmpty()) return;
        append(writer, gathered);
        gathered.clear();
        gatheredBytes = 0;
    }

    private void append(String by, List<Record> records) {
        var append = new Append(entity, head, by, records);
        var result = Patience.get(() -> target.append(append));
        if (!(result instanceof Appended))
            throw new TransferFailure("Somebody else writes to " + entity + " in the target while it is imported");
        head = append.lastRevision();
    }

    /** Revisions are never given out twice, so what was deleted takes its place before it is deleted here too. */
    private void passDeleted(long revision) {
        writer = FILLER;
        record = ByteString.EMPTY;
        deleted = revision;
        reached = revision;
        if (!isSame && head <= revision) requireSame(head);
        while (head < revision) {
            var missing = (int) Math.min(revision - head, APPEND_EVENTS_MAX);
            append(FILLER, Collections.nCopies(missing, new Record(ByteString.EMPTY, "")));
        }
        if (isSame) delete();
    }

    private void delete() {
        if (deleted > 0) Patience.get(() -> target.deleteTo(entity, deleted));
    }

    /**
     * A history that is the same at one revision is the same up to it: each was stored by whoever had seen all before it. What the
     * target has deleted too cannot be compared, and there is nothing to be lost.
     */
    private void requireSame(long revision) {
        var there = new ArrayList<StoredEvent>(1);
        Patience.get(() -> {
            there.clear();
            return target.replay(entity, revision, revision, 1, there::add);
        });
        for (var event : there)
            if (!event.writer().equals(writer) || !event.record().equals(record))
                throw new TransferFailure("The target has another " + entity + ": its event at revision " + revision
                        + " differs. Nothing of it was changed; import into a store that does not have it");
        isSame = true;
        delete();
    }

    private void save(ExportedSnapshot snapshot) {
        var time = Instant.ofEpochMilli(snapshot.getTimeMillis());
        var stored = new Snapshot(entity, snapshot.getRevision(), snapshot.getWriter(), time, snapshot.getRecord());
        Patience.get(() -> target.save(stored, SNAPSHOTS_KEPT));
    }
}
