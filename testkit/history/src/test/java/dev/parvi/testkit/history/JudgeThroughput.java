package dev.parvi.testkit.history;

import com.google.protobuf.ByteString;
import dev.parvi.entity.Ledger;
import dev.parvi.entity.Total;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.OutcomeRecord;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Measures by hand what a long history takes: deposits of one into ledgers, each acknowledged, judged by all checkers. Arguments: how
 * many operations, over how many entities. The journal is made while it is read, so the memory is that of the history and the judge.
 */
final class JudgeThroughput {
    private static final String EVENT = "parvi.test.v1.LedgerEvent";
    private static final ByteString ADDED = Ledger.added(1).toByteString();

    private final int operations;
    private final int entities;

    private JudgeThroughput(int operations, int entities) {
        this.operations = operations;
        this.entities = entities;
    }

    public static void main(String[] arguments) {
        new JudgeThroughput(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])).run();
    }

    private void run() {
        var before = usedBytes();
        var history = new History();
        var began = System.nanoTime();
        for (var n = 0; n < operations; n++) {
            var revision = n / entities + 1;
            history.command("c", "ledger", "e" + n % entities, "Add", "c-" + n)
                    .acknowledged(revision, reply(revision), false);
        }
        say("written", began);
        System.out.printf(Locale.ROOT, "%.0f bytes an operation%n", (usedBytes() - before) / (double) operations);
        began = System.nanoTime();
        System.out.println(Judge.of(new Ledger()).judge(history, this::read));
        say("judged", began);
    }

    private void say(String what, long began) {
        System.out.printf(Locale.ROOT, "%s in %.1f s%n", what, (System.nanoTime() - began) / 1e9);
    }

    private long read(String entity, Journal.Reader reader) {
        var number = Integer.parseInt(entity.substring("ledger/e".length()));
        var revision = 0L;
        for (var n = number; n < operations; n += entities) reader.onEvent(++revision, event(n, revision));
        return revision;
    }

    private static EventRecord event(int n, long revision) {
        var outcome = OutcomeRecord.newBuilder()
                .setIdempotencyKey("c-" + n)
                .setMethod("Add")
                .setReply(reply(revision))
                .setRevision(revision);
        return EventRecord.newBuilder()
                .setType(EVENT)
                .setPayload(ADDED)
                .setMethod("Add")
                .setOutcome(outcome)
                .build();
    }

    private static ByteString reply(long total) {
        return Total.newBuilder().setTotal(total).build().toByteString();
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
