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

/** Makes one entity of the target what the blocks of an export say, in their order. Not for several threads. */
final class ImportedEntity {
    private static final int APPEND_EVENTS_MAX = 200;
    private static final long APPEND_BYTES_MAX = 512 << 10;
    private static final int SNAPSHOTS_KEPT = 2;
    /** Who stores what stands for deleted events. */
    private static final String FILLER = "parvi-import";

    private final EventStore target;
    private final String entity;
    /** What the target holds of the entity; all of it is in the file, or nothing more is stored. */
    private long head = -1;

    private long reached;
    private String writer = "";
    private final List<Record> gathered = new ArrayList<>();
    private long gatheredBytes;

    ImportedEntity(EventStore target, String entity) {
        this.target = target;
        this.entity = entity;
    }

    void store(ExportedEvents block) {
        if (head < 0) head = Patience.get(() -> target.head(entity));
        if (block.getFirst() > reached + 1) delete(block.getFirst() - 1);
        writer = "";
        for (var event : block.getEventsList()) store(event);
        flush();
        if (block.hasSnapshot()) save(block.getSnapshot());
    }

    private void store(ExportedEvent event) {
        var by = event.getWriter().isEmpty() ? writer : event.getWriter();
        reached++;
        if (reached <= head) {
            if (reached == head) requireSame(by, event.getRecord());
            writer = by;
            return;
        }
        var record = new StoredEvent(entity, reached, by, event.getRecord()).toRecord();
        var isFull = gathered.size() >= APPEND_EVENTS_MAX
                || gatheredBytes + record.bytes().size() > APPEND_BYTES_MAX;
        if (isFull || !by.equals(writer)) flush();
        writer = by;
        gathered.add(record);
        gatheredBytes += record.bytes().size();
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
    private void delete(long revision) {
        while (head < revision) {
            var missing = (int) Math.min(revision - head, APPEND_EVENTS_MAX);
            append(FILLER, Collections.nCopies(missing, new Record(ByteString.EMPTY, "")));
        }
        Patience.get(() -> target.deleteTo(entity, revision));
        reached = revision;
    }

    /** A history that ends alike is the same: each revision was stored by whoever had seen all before it. */
    private void requireSame(String by, ByteString record) {
        var there = new ArrayList<StoredEvent>(1);
        Patience.get(() -> {
            there.clear();
            return target.replay(entity, reached, reached, 1, there::add);
        });
        for (var event : there)
            if (!event.writer().equals(by) || !event.record().equals(record))
                throw new TransferFailure("The target has another " + entity + ": its event at revision " + reached
                        + " differs. Nothing of it was changed; import into a store that does not have it");
    }

    private void save(ExportedSnapshot snapshot) {
        var time = Instant.ofEpochMilli(snapshot.getTimeMillis());
        var stored = new Snapshot(entity, snapshot.getRevision(), snapshot.getWriter(), time, snapshot.getRecord());
        Patience.get(() -> target.save(stored, SNAPSHOTS_KEPT));
    }
}
