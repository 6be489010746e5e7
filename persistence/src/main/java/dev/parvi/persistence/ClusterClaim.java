package dev.parvi.persistence;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.protobuf.ClusterRecord;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * To whom a store belongs.
 *
 * @param cluster the name of the cluster
 * @param host where the node ran that claimed the store
 * @param since when it did, by its clock
 */
public record ClusterClaim(String cluster, String host, Instant since) {
    /** The entity whose events are the claims; no type has an empty name. */
    public static final String ENTITY = ".cluster";

    private static final String TYPE = ClusterRecord.getDescriptor().getFullName();

    private static ClusterClaim of(EventStore.StoredEvent stored) {
        try {
            var event = JournalRecord.parseFrom(stored.record()).getEvent();
            var claim = ClusterRecord.parseFrom(event.getPayload());
            return new ClusterClaim(claim.getCluster(), claim.getHost(), Instant.ofEpochMilli(event.getTimeMillis()));
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalStateException("the claim of the store is not readable", damaged);
        }
    }

    private Record toRecord() {
        var claim = ClusterRecord.newBuilder().setCluster(cluster).setHost(host).build();
        var event = EventRecord.newBuilder()
                .setType(TYPE)
                .setPayload(claim.toByteString())
                .setTimeMillis(since.toEpochMilli());
        return new Record(JournalRecord.newBuilder().setEvent(event).build().toByteString(), "");
    }

    /** One attempt to make a store one's own. */
    static final class Claiming {
        private final EventStore store;
        private final ClusterClaim wanted;
        private final boolean takesOver;

        Claiming(EventStore store, String cluster, String host, boolean takesOver) {
            this.store = store;
            this.wanted = new ClusterClaim(cluster, host, Instant.now());
            this.takesOver = takesOver;
        }

        CompletableFuture<ClusterClaim> run() {
            return store.head(ENTITY)
                    .thenCompose(head -> head == 0
                            ? write(0)
                            : last(head)
                                    .thenCompose(last -> takesOver && !last.cluster.equals(wanted.cluster)
                                            ? write(head)
                                            : CompletableFuture.completedFuture(last)));
        }

        private CompletableFuture<ClusterClaim> last(long head) {
            var last = new ArrayList<ClusterClaim>(1);
            return store.replay(ENTITY, head, head, 1, event -> last.add(of(event)))
                    .thenApply(done -> last.get(0));
        }

        /** Whoever was faster has said something that must be looked at. */
        private CompletableFuture<ClusterClaim> write(long head) {
            var writer = UUID.randomUUID().toString();
            return store.append(new Append(ENTITY, head, writer, List.of(wanted.toRecord())))
                    .thenCompose(result ->
                            result.fold(appended -> CompletableFuture.completedFuture(wanted), fenced -> run()));
        }
    }
}
