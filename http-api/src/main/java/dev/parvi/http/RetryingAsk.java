package dev.parvi.http;

import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one command, again and again if need be, until its outcome is definite or the time is over. Safe only because every
 * attempt carries the same idempotency key: whichever of them was stored, the others are told its outcome. A definite outcome
 * counts whenever it comes, also from an attempt that was given up already.
 *
 * <p>When the time is over, one attempt of unknown outcome makes the whole unknown. A query stores nothing, so it never is.
 */
final class RetryingAsk {
    private static final Set<Rejection.Code> FINAL = Set.of(Rejection.Code.KEY_REUSED, Rejection.Code.DELETED);

    private final EntityClient client;
    private final EntityCommand command;
    private final InFlight inFlight;
    private final HttpSettings.Waiting waiting;
    private final long deadlineNanos;
    private final Runnable onPause;
    private final Consumer<CommandOutcome> onSettled;

    private int attempt = -1;
    private boolean underWay;
    private long attemptDeadlineNanos;
    private boolean settled;
    private String reason = "no attempt was answered";
    private boolean unknown;

    RetryingAsk(
            EntityClient client,
            EntityCommand command,
            InFlight inFlight,
            HttpSettings.Waiting waiting,
            long deadlineNanos,
            Runnable onPause,
            Consumer<CommandOutcome> onSettled) {
        this.client = client;
        this.command = command;
        this.inFlight = inFlight;
        this.waiting = waiting;
        this.deadlineNanos = deadlineNanos;
        this.onPause = onPause;
        this.onSettled = onSettled;
    }

    void start() {
        inFlight.add(this);
        nextAttempt();
    }

    /** Gives up an attempt or, if it {@code isOver}, the whole. Called every few milliseconds. */
    void sweep(long nowNanos, boolean isOver) {
        CommandOutcome last = null;
        var current = -1;
        synchronized (this) {
            if (settled) return;
            if (isOver || nowNanos - deadlineNanos >= 0) last = exhausted();
            else if (underWay && nowNanos - attemptDeadlineNanos >= 0) current = attempt;
        }
        if (last != null) settle(last);
        else if (current >= 0)
            tryAgainAfter(
                    current,
                    new OutcomeUnknown(
                            "no answer within " + waiting.attemptTimeout().toMillis() + " ms"));
    }

    /** A pause can end late; nothing is begun after the deadline, since nobody would hear what became of it. */
    private void nextAttempt() {
        CommandOutcome last = null;
        int current;
        synchronized (this) {
            if (settled) return;
            var now = inFlight.nanoTime();
            if (attempt >= 0 && now - deadlineNanos >= 0) last = exhausted();
            else {
                attempt++;
                underWay = true;
                attemptDeadlineNanos = now + waiting.attemptTimeout().toNanos();
            }
            current = attempt;
        }
        if (last != null) {
            settle(last);
            return;
        }
        try {
            var answer = client.ask(current == 0 ? command : command.again());
            answer.whenComplete((outcome, failure) -> onAnswer(current, outcome, failure));
        } catch (RuntimeException failure) {
            onAnswer(current, null, failure);
        }
    }

    /** The port promises never to fail. If it does, nobody can tell what was stored. */
    private void onAnswer(int current, @Nullable CommandOutcome outcome, @Nullable Throwable failure) {
        if (outcome == null) tryAgainAfter(current, new OutcomeUnknown("the client failed: " + failure));
        else
            outcome.fold(
                    this::settle,
                    this::settleRejected,
                    notServing -> tryAgainAfter(current, notServing),
                    lost -> tryAgainAfter(current, lost));
    }

    private boolean tryAgainAfter(int current, NotServing answer) {
        return tryAgainAfter(current, false, answer.reason());
    }

    private boolean tryAgainAfter(int current, OutcomeUnknown answer) {
        return tryAgainAfter(current, true, answer.reason());
    }

    private boolean tryAgainAfter(int current, boolean answerIsUnknown, String why) {
        CommandOutcome last = null;
        var pause = waiting.backoff(current, inFlight.jitter());
        synchronized (this) {
            unknown |= answerIsUnknown;
            if (settled || current != attempt || !underWay) return false;
            underWay = false;
            reason = why;
            var isTooLate = inFlight.nanoTime() + pause.toNanos() - deadlineNanos >= 0;
            // Who has not answered may do so until the deadline, when the sweep ends it.
            if (isTooLate && unknown) return true;
            if (isTooLate) last = exhausted();
        }
        if (last != null) return settle(last);
        onPause.run();
        inFlight.after(pause, this::nextAttempt);
        return true;
    }

    /**
     * A rejection stores nothing and leaves no trace, so an earlier attempt that is still on its way, say in a frozen node, could
     * be carried out after it. Only a retry that comes later can tell. Nothing is carried out after a deletion.
     */
    private boolean settleRejected(Rejection rejection) {
        boolean mayStillRun;
        synchronized (this) {
            mayStillRun = unknown && !command.method().isQuery() && !FINAL.contains(rejection.code());
        }
        return settle(
                mayStillRun
                        ? new OutcomeUnknown("the retry was rejected (" + rejection.message()
                                + "), but an earlier attempt was not answered")
                        : rejection);
    }

    private CommandOutcome exhausted() {
        var attempts = (attempt + 1) + (attempt == 0 ? " attempt" : " attempts");
        var detail = reason + " (" + attempts + ")";
        return (unknown || underWay) && !command.method().isQuery()
                ? new OutcomeUnknown(detail)
                : new NotServing(detail);
    }

    private boolean settle(CommandOutcome outcome) {
        synchronized (this) {
            if (settled) return false;
            settled = true;
        }
        inFlight.remove(this);
        onSettled.accept(outcome);
        return true;
    }
}
