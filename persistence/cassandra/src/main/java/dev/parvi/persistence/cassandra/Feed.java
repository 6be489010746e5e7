package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore.EntityExtent;
import dev.parvi.persistence.EventStore.EntityPage;
import dev.parvi.persistence.EventStore.FeedPage;
import dev.parvi.persistence.EventStore.LostCursor;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.persistence.cassandra.Telling.Part;
import dev.parvi.persistence.cassandra.Telling.Told;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The change feed: first the histories of all entities, in the order of the ring; then, epoch after epoch, what was announced in those
 * that are over. Reading moves the epoch on, as long as something is announced in one that is open.
 */
final class Feed {
    private static final int ENTITIES_MAX = 100;
    private static final int PARALLEL = 4;
    private static final int LOOKS_MAX = 200;

    private final Requests requests;
    private final FeedCql cql;
    private final Epochs epochs;
    private final RingWalk walk;
    private final Telling telling;
    private final CassandraSettings settings;

    Feed(Requests requests, FeedCql cql, Epochs epochs, RingWalk walk, Telling telling, CassandraSettings settings) {
        this.requests = requests;
        this.cql = cql;
        this.epochs = epochs;
        this.walk = walk;
        this.telling = telling;
        this.settings = settings;
    }

    /** Where everything begins that is acknowledged from now on. */
    CompletableFuture<String> end() {
        return epochs.read().thenApply(seen -> Cursor.epoch(seen.open(), 0).toString());
    }

    CompletableFuture<FeedPage> page(Slices slices, String prefix, String cursor, int max) {
        return epochs.read().thenCompose(seen -> {
            var at = cursor.isEmpty() ? Cursor.walk(seen.open()) : Cursor.parse(cursor);
            if (at.epoch() > seen.current()) throw new LostCursor(cursor, "its epoch has not come yet");
            var page = new Page(slices, prefix, max, at, seen);
            return fill(page, LOOKS_MAX)
                    .thenCompose(isLast -> epochs.read().thenApply(now -> {
                        // Announcements are forgotten only after the number has moved: what was read before that is
                        // whole.
                        if (at.epoch() < now.first())
                            throw new LostCursor(cursor, "what was announced then is forgotten");
                        return page.toFeedPage(isLast);
                    }));
        });
    }

    /** Goes on until the page is full, or nothing is left, or it has looked long enough. Whether nothing is left. */
    private CompletableFuture<Boolean> fill(Page page, int looks) {
        if (page.isFull() || looks == 0) return CompletableFuture.completedFuture(false);
        if (page.at.walks()) return walkOn(page).thenCompose(done -> fill(page, looks - 1));
        if (page.at.epoch() >= page.seen.open()) return moveOn(page).thenApply(moved -> true);
        return tellSlice(page).thenCompose(done -> fill(page, looks - 1));
    }

    private CompletableFuture<Void> walkOn(Page page) {
        var at = page.at;
        var place = at.place() == Long.MIN_VALUE ? "" : Long.toString(at.place());
        return walk.page(page.prefix, place, ENTITIES_MAX).thenCompose(found -> {
            var parts = new ArrayDeque<Part>();
            for (var extent : startingWith(at.entity(), found))
                if (page.slices.contains(extent.entity()) && !at.hasTold(extent.entity()))
                    parts.add(at.part(extent.entity(), 0, 1, Long.MAX_VALUE));
            var next = found.next().isEmpty()
                    ? Cursor.epoch(at.epoch(), page.slices.first())
                    : at.at(Long.parseLong(found.next()));
            return tellAll(page, parts, next);
        });
    }

    /** Those from this one on; all of them if it is not there. */
    private static List<EntityExtent> startingWith(String entity, EntityPage found) {
        var entities = found.entities();
        for (var n = 0; n < entities.size(); n++)
            if (entities.get(n).entity().equals(entity)) return entities.subList(n, entities.size());
        return entities;
    }

    private CompletableFuture<Void> tellSlice(Page page) {
        var at = page.at;
        return requests.send(cql.findMarks(at.epoch(), (int) at.place(), at.firstId(), ENTITIES_MAX))
                .thenCompose(rows -> {
                    var parts = new ArrayDeque<Part>();
                    var last = "";
                    var count = 0;
                    for (var row : rows.currentPage()) {
                        count++;
                        var entity = String.valueOf(row.getString("entity"));
                        if (!entity.equals(last) && entity.startsWith(page.prefix)) parts.add(part(at, entity, row));
                        last = entity;
                    }
                    var next = count < ENTITIES_MAX ? nextSlice(page) : at.behind(last);
                    return tellAll(page, parts, next);
                });
    }

    /** The first announcement of an entity in an epoch is the one that begins with the oldest revision. */
    private static Part part(Cursor at, String entity, Row row) {
        return at.part(entity, row.getLong("bucket"), row.getLong("revision"), at.epoch());
    }

    private static Cursor nextSlice(Page page) {
        var slice = (int) page.at.place();
        return slice < page.slices.last()
                ? Cursor.epoch(page.at.epoch(), slice + 1)
                : Cursor.epoch(page.at.epoch() + 1, page.slices.first());
    }

    /** Some at a time, in order; then the page is at {@code next}, unless it is full before. */
    private CompletableFuture<Void> tellAll(Page page, ArrayDeque<Part> parts, Cursor next) {
        if (page.isFull()) return CompletableFuture.completedFuture(null);
        if (parts.isEmpty()) {
            page.at = next;
            return CompletableFuture.completedFuture(null);
        }
        var together = new ArrayList<Part>();
        while (!parts.isEmpty() && together.size() < PARALLEL) together.add(parts.remove());
        var told =
                together.stream().map(part -> telling.tell(part, page.room())).toList();
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).thenCompose(done -> {
            for (var n = 0; n < told.size() && !page.isFull(); n++)
                page.add(together.get(n), told.get(n).join());
            return tellAll(page, parts, next);
        });
    }

    /** Nothing more is over. If there is something in what is open, its time must come: now, or when the next page is asked for. */
    private CompletableFuture<Void> moveOn(Page page) {
        var open = LongStream.rangeClosed(page.seen.open(), page.seen.current())
                .boxed()
                .toList();
        var slices = IntStream.rangeClosed(page.slices.first(), page.slices.last())
                .boxed()
                .toList();
        return requests.send(cql.findAnyMark(open, slices))
                .thenCompose(rows -> rows.one() == null
                        ? CompletableFuture.<Void>completedFuture(null)
                        : epochs.move(page.seen, settings.feedEpochsKept()))
                .exceptionally(failure -> null);
    }

    /** A page while it is filled. */
    private static final class Page {
        private final Slices slices;
        private final String prefix;
        private final int max;
        private final Epochs.Seen seen;
        private final List<StoredEvent> events = new ArrayList<>();
        private final List<DamagedRecord> damaged = new ArrayList<>();
        private Cursor at;
        private long bytes;

        Page(Slices slices, String prefix, int max, Cursor at, Epochs.Seen seen) {
            this.slices = slices;
            this.prefix = prefix;
            this.max = max;
            this.at = !at.walks() && at.place() < slices.first() ? Cursor.epoch(at.epoch(), slices.first()) : at;
            this.seen = seen;
        }

        boolean isFull() {
            return room() <= 0 || bytes > FeedPage.BYTES_MAX;
        }

        int room() {
            return max - events.size() - damaged.size();
        }

        /** As much of it as there is room for. */
        void add(Part part, Told told) {
            var damage = new ArrayDeque<>(told.damaged());
            for (var event : told.events()) {
                if (!addBefore(event.revision(), damage, part) || isCut(part, event.revision())) return;
                events.add(event);
                bytes += event.record().size();
            }
            if (!addBefore(Long.MAX_VALUE, damage, part)) return;
            at = told.isWhole() ? at.behind(part.entity()) : at.within(part.entity(), told.bucket(), told.next());
        }

        /** False if there was no room for all of it. */
        private boolean addBefore(long revision, ArrayDeque<DamagedRecord> damage, Part part) {
            while (!damage.isEmpty() && damage.peek().revision() < revision) {
                if (isCut(part, damage.peek().revision())) return false;
                damaged.add(damage.remove());
            }
            return true;
        }

        /** Whether the page ends before this revision. */
        private boolean isCut(Part part, long revision) {
            if (!isFull()) return false;
            at = at.within(part.entity(), part.bucket(), revision);
            return true;
        }

        FeedPage toFeedPage(boolean isLast) {
            return new FeedPage(events, damaged, at.toString(), isLast);
        }
    }

    /**
     * How far a reader of the feed has come.
     *
     * @param walks whether it still reads the histories of all entities
     * @param epoch the one that it is in, or begins with after the walk
     * @param place on the ring, behind which it walks; or the slice of the epoch
     * @param entity the one that it is at; empty before the first
     * @param bucket the entity's partition to go on with
     * @param next the entity's revision to go on with; {@link Long#MAX_VALUE} if all is told
     */
    record Cursor(boolean walks, long epoch, long place, String entity, long bucket, long next) {
        private static final int PARTS = 6;

        static Cursor walk(long epoch) {
            return new Cursor(true, epoch, Long.MIN_VALUE, "", 0, 0);
        }

        static Cursor epoch(long epoch, int slice) {
            return new Cursor(false, epoch, slice, "", 0, 0);
        }

        static Cursor parse(String text) {
            try {
                var parts = text.split(":", PARTS);
                if (parts.length == PARTS && (parts[0].equals("walk") || parts[0].equals("epoch")))
                    return new Cursor(
                            parts[0].equals("walk"),
                            Long.parseLong(parts[1]),
                            Long.parseLong(parts[2]),
                            new String(Base64.getUrlDecoder().decode(parts[5]), StandardCharsets.UTF_8),
                            Long.parseLong(parts[3]),
                            Long.parseLong(parts[4]));
            } catch (IllegalArgumentException wrong) {
                throw new LostCursor(text, "no feed in Cassandra has made it");
            }
            throw new LostCursor(text, "no feed in Cassandra has made it");
        }

        /** The walk, behind this place. */
        Cursor at(long ringPlace) {
            return new Cursor(walks, epoch, ringPlace, "", 0, 0);
        }

        /** All of this entity is told. */
        Cursor behind(String told) {
            return within(told, 0, Long.MAX_VALUE);
        }

        Cursor within(String told, long bucketToRead, long revision) {
            return new Cursor(walks, epoch, place, told, bucketToRead, revision);
        }

        boolean hasTold(String id) {
            return next == Long.MAX_VALUE && id.equals(entity);
        }

        /** The least id that may have something left to tell. */
        String firstId() {
            return next == Long.MAX_VALUE ? entity + Character.MIN_VALUE : entity;
        }

        /** What is to be told of an entity, from here on. */
        Part part(String id, long firstBucket, long from, long lastEpoch) {
            return id.equals(entity) && next > from
                    ? new Part(id, Math.max(bucket, firstBucket), next, lastEpoch)
                    : new Part(id, firstBucket, from, lastEpoch);
        }

        /** In ASCII, since it travels in headers. */
        @Override
        public String toString() {
            return (walks ? "walk" : "epoch") + ":" + epoch + ":" + place + ":" + bucket + ":" + next + ":"
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(entity.getBytes(StandardCharsets.UTF_8));
        }
    }
}
