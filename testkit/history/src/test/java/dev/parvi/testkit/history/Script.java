package dev.parvi.testkit.history;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.parvi.entity.Amount;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.CommandPipeline;
import dev.parvi.entity.CommandPipeline.Limits;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.Ledger;
import dev.parvi.entity.LedgerCommands;
import dev.parvi.entity.LedgerEvent;
import dev.parvi.entity.LedgerState;
import dev.parvi.testkit.history.Operation.End;
import dev.parvi.testkit.history.Operation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** What clients of some ledgers do and are told, and what is stored: correct when it is made, and open to changes. */
final class Script {
    private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final Limits LIMITS = new Limits(128, Duration.ofHours(24));

    final List<Told> told = new ArrayList<>();
    final List<Seen> seen = new ArrayList<>();
    final Books books = new Books();
    private final Map<String, CommandPipeline<LedgerState, LedgerEvent>> ledgers = new TreeMap<>();

    record Told(
            Kind kind,
            String id,
            String method,
            String key,
            long begun,
            long ended,
            End end,
            long revision,
            ByteString reply,
            int unanswered) {
        Told at(String other) {
            return new Told(kind, other, method, key, begun, ended, end, revision, reply, unanswered);
        }

        Told withRevision(long other) {
            return new Told(kind, id, method, key, begun, ended, end, other, reply, unanswered);
        }

        Told withReply(ByteString other) {
            return new Told(kind, id, method, key, begun, ended, end, revision, other, unanswered);
        }

        Told withMethod(String other) {
            return new Told(kind, id, other, key, begun, ended, end, revision, reply, unanswered);
        }

        Told withEnd(End other) {
            return new Told(kind, id, method, key, begun, ended, other, revision, reply, 0);
        }

        Told withTimes(long newBegun, long newEnded) {
            return new Told(kind, id, method, key, newBegun, newEnded, end, revision, reply, unanswered);
        }

        String entity() {
            return "ledger/" + id;
        }

        boolean isAcknowledged() {
            return end == End.ACKNOWLEDGED;
        }
    }

    record Seen(String id, long first, List<Long> revisions, List<String> keys, boolean isComplete) {}

    /** A correct history of this many steps. The operations overlap. */
    static Script random(Random random, int steps) {
        var script = new Script();
        for (var step = 1; step <= steps; step++) script.step(random, step);
        for (var id = 0; id < 3; id++) script.watch(random, "e" + id);
        for (var entity : script.books.events.keySet()) script.removeBeforeTombstone(random, entity);
        return script;
    }

    Verdict verdict() {
        return Judge.of(Script::requestOf, new Ledger()).judge(history(), books);
    }

    /** Carries the command out, and tells its client, who has waited for it from the one time to the other. */
    CommandOutcome send(String id, String method, String key, long begun, long ended, int unanswered) {
        var request = requestOf("", method, key).orElseThrow();
        var command = new EntityCommand(
                Ledger.TYPE,
                id,
                method.equals(EntityType.DELETION)
                        ? Ledger.TYPE.deletion().orElseThrow()
                        : LedgerCommands.command(id, method, 0, key).method(),
                request,
                key,
                false,
                EntityCommand.ANY_REVISION,
                Instant.MAX,
                "somebody",
                "");
        var outcome = ledger(id).decide(command, TIME.plusMillis(ended)).fold(answer -> answer.outcome(), append -> {
            books.append("ledger/" + id, append.events());
            return append.outcome();
        });
        var end = outcome.fold(c -> End.ACKNOWLEDGED, r -> End.REFUSED, n -> End.REFUSED, u -> End.UNDECIDED);
        var revision = outcome.fold(CommandOutcome.Completed::revision, r -> 0L, n -> 0L, u -> 0L);
        var reply = outcome.fold(c -> c.reply().toByteString(), r -> ByteString.EMPTY, n -> ByteString.EMPTY, u -> {
            throw new AssertionError(u);
        });
        told.add(new Told(Kind.COMMAND, id, method, key, begun, ended, end, revision, reply, unanswered));
        return outcome;
    }

    void ask(Kind kind, String id, long revision, long begun, long ended) {
        told.add(new Told(kind, id, "Read", "", begun, ended, End.ANSWERED, revision, ByteString.EMPTY, 0));
    }

    long revision(String id) {
        return ledger(id).revision();
    }

    History history() {
        var now = new AtomicLong();
        var history = new History(now::get);
        record Moment(long time, boolean isEnd, int index) {}
        var moments = new ArrayList<Moment>();
        for (var index = 0; index < told.size(); index++) {
            moments.add(new Moment(told.get(index).begun(), false, index));
            moments.add(new Moment(told.get(index).ended(), true, index));
        }
        moments.sort(Comparator.comparingLong(Moment::time).thenComparing(Moment::isEnd));
        var operations = new Operation[told.size()];
        for (var moment : moments) {
            now.set(moment.time());
            var line = told.get(moment.index());
            if (moment.isEnd()) end(operations[moment.index()], line);
            else operations[moment.index()] = begin(history, line);
        }
        seen.forEach(stream -> play(history, stream));
        return history;
    }

    /** The amount stands in the key, behind a dash. */
    static Optional<Message> requestOf(String entity, String method, String key) {
        if (method.equals(EntityType.DELETION)) return Optional.of(Empty.getDefaultInstance());
        var amount = Long.parseLong(key.substring(key.indexOf('-') + 1));
        return Optional.of(Amount.newBuilder().setAmount(amount).build());
    }

    private CommandPipeline<LedgerState, LedgerEvent> ledger(String id) {
        return ledgers.computeIfAbsent(id, name -> CommandPipeline.of(new Ledger(), name, LIMITS));
    }

    private void step(Random random, int step) {
        var id = "e" + random.nextInt(3);
        var effect = step * 100L;
        var begun = Math.max(1, effect - random.nextInt(300));
        var ended = effect + random.nextInt(300);
        var revision = revision(id);
        var dice = random.nextInt(100);
        if (dice < 15 && !ledger(id).isDeleted()) {
            ask(Kind.CONFIRMED_QUERY, id, revision, begun, ended);
        } else if (dice < 30 && !ledger(id).isDeleted()) {
            ask(Kind.QUERY, id, random.nextInt((int) revision + 1), begun, ended);
        } else {
            var method = dice < 32
                    ? EntityType.DELETION
                    : List.of("Add", "Split", "Take").get(random.nextInt(3));
            var key = "k" + step + "-" + random.nextInt(20);
            send(id, method, key, begun, ended, random.nextInt(5) / 4);
            if (random.nextInt(10) == 0) send(id, method, key, begun + 10, ended + 10 + random.nextInt(500), 0);
        }
    }

    private void watch(Random random, String id) {
        var head = books.head("ledger/" + id);
        var first = 1 + random.nextInt((int) head + 1);
        var last = random.nextBoolean() ? head : first - 1 + random.nextInt((int) head - first + 2);
        var revisions = new ArrayList<Long>();
        var keys = new ArrayList<String>();
        for (var revision = (long) first; revision <= last; revision++) {
            revisions.add(revision);
            keys.add(books.event("ledger/" + id, revision).getOutcome().getIdempotencyKey());
        }
        seen.add(new Seen(id, first, revisions, keys, last == head));
    }

    private void removeBeforeTombstone(Random random, String entity) {
        var own = books.of(entity);
        if (own.isEmpty() || !CommandPipeline.isTombstone(own.lastEntry().getValue())) return;
        var removed = random.nextInt(own.lastKey().intValue());
        own.headMap((long) removed, true).clear();
    }

    private static Operation begin(History history, Told line) {
        return switch (line.kind()) {
            case COMMAND -> history.command("c", "ledger", line.id(), line.method(), line.key());
            case QUERY -> history.query("c", "ledger", line.id(), line.method());
            case CONFIRMED_QUERY -> history.confirmedQuery("c", "ledger", line.id(), line.method());
        };
    }

    private static void end(Operation operation, Told line) {
        for (var attempt = 0; attempt < line.unanswered(); attempt++) operation.unanswered();
        switch (line.end()) {
            case OPEN -> {}
            case ACKNOWLEDGED -> operation.acknowledged(line.revision(), line.reply(), line.unanswered() > 0);
            case ANSWERED -> operation.answered(line.revision());
            case REFUSED -> operation.refused();
            case UNDECIDED -> operation.undecided();
        }
    }

    private static void play(History history, Seen stream) {
        var sightings = history.stream("r", "ledger", stream.id(), stream.first());
        for (var index = 0; index < stream.revisions().size(); index++)
            sightings.saw(stream.revisions().get(index), stream.keys().get(index));
        if (stream.isComplete()) sightings.ranToTheEnd();
    }
}
