package dev.parvi.http;

import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.http.proto.WalletEvent;
import dev.parvi.http.proto.WalletState;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.OutcomeRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Real pipelines in memory, one command at a time, and a wire that loses what it is told to lose. */
final class MemoryClient implements EntityClient {
    /** What happens to one attempt. */
    enum Fate {
        ANSWERED,
        /** Carried out, and then nothing comes back, ever. */
        CARRIED_OUT_AND_SILENT,
        CARRIED_OUT_AND_UNKNOWN,
        /** Does not even arrive. */
        SILENT,
        NOT_SERVED,
        /** Carried out; the answer comes 400 ms later. */
        LATE,
        CLIENT_THROWS,
        CLIENT_FAILS
    }

    private final WalletEntity entity = new WalletEntity();
    private final Map<String, CommandPipeline<WalletState, WalletEvent>> pipelines = new HashMap<>();
    private final List<StoredOutcome> journal = new ArrayList<>();
    private final Map<String, List<EventRecord>> events = new HashMap<>();
    private final Deque<Fate> fates = new ArrayDeque<>();
    private final List<EntityCommand> attempts = new ArrayList<>();
    private Fate usual = Fate.ANSWERED;
    private int stored;

    synchronized void nextFates(Fate... next) {
        fates.addAll(List.of(next));
    }

    synchronized void from(Fate now) {
        usual = now;
    }

    synchronized int stored() {
        return stored;
    }

    synchronized List<EntityCommand> attempts() {
        return List.copyOf(attempts);
    }

    synchronized void forgetAttempts() {
        attempts.clear();
        fates.clear();
        usual = Fate.ANSWERED;
    }

    /** The events of an entity beyond a revision, at most {@code max}. */
    synchronized List<EventRecord> events(String id, long beyond, int max) {
        var all = events.getOrDefault(id, List.of());
        var from = (int) Math.min(beyond, all.size());
        return List.copyOf(all.subList(from, Math.min(all.size(), from + max)));
    }

    /** How many events an entity has. */
    synchronized long head(String id) {
        return events.getOrDefault(id, List.of()).size();
    }

    /** What a store would hold of the command with this key. */
    synchronized Optional<OutcomeRecord> outcome(String id, String key) {
        return journal.stream()
                .filter(stored -> stored.id.equals(id)
                        && stored.outcome.getIdempotencyKey().equals(key))
                .map(StoredOutcome::outcome)
                .findFirst();
    }

    /** The revisions of those who have events, by their ids. */
    synchronized SortedMap<String, Long> heads() {
        var heads = new TreeMap<String, Long>();
        pipelines.forEach((id, pipeline) -> heads.put(id, pipeline.revision()));
        heads.values().removeIf(revision -> revision == 0);
        return heads;
    }

    @Override
    public synchronized CompletableFuture<CommandOutcome> ask(EntityCommand command) {
        attempts.add(command);
        var fate = fates.isEmpty() ? usual : fates.removeFirst();
        return switch (fate) {
            case ANSWERED -> CompletableFuture.completedFuture(carryOut(command));
            case CARRIED_OUT_AND_SILENT -> {
                carryOut(command);
                yield new CompletableFuture<>();
            }
            case CARRIED_OUT_AND_UNKNOWN -> {
                carryOut(command);
                yield CompletableFuture.completedFuture(new OutcomeUnknown("the answer was lost"));
            }
            case SILENT -> new CompletableFuture<>();
            case NOT_SERVED -> CompletableFuture.completedFuture(new NotServing("the shard is moving"));
            case LATE -> {
                var outcome = carryOut(command);
                yield new CompletableFuture<CommandOutcome>()
                        .completeOnTimeout(
                                outcome, Duration.ofMillis(400).toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
            }
            case CLIENT_THROWS -> throw new IllegalStateException("the client is broken");
            case CLIENT_FAILS -> CompletableFuture.failedFuture(new IllegalStateException("the client is broken"));
        };
    }

    private record StoredOutcome(String id, OutcomeRecord outcome) {}

    private CommandOutcome carryOut(EntityCommand command) {
        var limits = new CommandPipeline.Limits(128, Duration.ofHours(24));
        return pipelines
                .computeIfAbsent(command.id(), id -> CommandPipeline.of(entity, id, limits))
                .decide(command, Instant.now())
                .fold(CommandPipeline.Decision.Answer::outcome, append -> {
                    stored += append.events().size();
                    events.computeIfAbsent(command.id(), id -> new ArrayList<>())
                            .addAll(append.events());
                    append.events().stream()
                            .filter(EventRecord::hasOutcome)
                            .forEach(event -> journal.add(new StoredOutcome(command.id(), event.getOutcome())));
                    return append.outcome();
                });
    }
}
