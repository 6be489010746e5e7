package dev.parvi.http;

import dev.parvi.http.admission.Admission;
import dev.parvi.http.admission.Client;
import dev.parvi.http.admission.NotAdmitted;
import dev.parvi.http.admission.Permit;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks whether a request is let in. What is not throws a {@link Refusal} that says when to come again. */
final class Gate {
    private final Admission admission;

    Gate(Admission admission) {
        this.admission = admission;
    }

    /** Counts a request of its caller. */
    void requireRate(Client client) {
        admitted(() -> admission.requireRate(client));
    }

    /** Looks for room before a body is read, and counts a command for its entity. */
    void requireRoom(Routes.Target target) {
        admitted(() -> {
            admission.requireRoom();
            if (!target.route().method().isQuery())
                admission.requireRate(target.route().type().name() + '/' + target.id());
        });
    }

    /** Begins a command or a query when there is a place for it. */
    void enter(PendingAnswer answer, Duration patience, Consumer<Permit> begin) {
        enter(Admission.Work.TIMED, answer, patience, begin);
    }

    /** Begins what asks the store only. */
    void enterLookup(PendingAnswer answer, Duration patience, Runnable begin) {
        enter(Admission.Work.UNTIMED, answer, patience, place -> begin.run());
    }

    private void enter(Admission.Work work, PendingAnswer answer, Duration patience, Consumer<Permit> begin) {
        admission.enter(
                work,
                patience,
                place -> {
                    answer.holds(place);
                    answer.attempt(() -> begin.accept(place));
                },
                refused -> answer.refuse(refusal(refused)));
    }

    /** A body has grown. */
    void growBody(long from, long to) {
        admitted(() -> admission.growBody(from, to));
    }

    void shrinkBody(long length) {
        admission.shrinkBody(length);
    }

    private static void admitted(Runnable ask) {
        try {
            ask.run();
        } catch (NotAdmitted refused) {
            throw refusal(refused);
        }
    }

    private static Refusal refusal(NotAdmitted refused) {
        var kind = refused.isRate() ? ProblemKind.TOO_MANY_REQUESTS : ProblemKind.OVERLOADED;
        return new Refusal(Problem.busy(kind, String.valueOf(refused.getMessage()), refused.retryAfterSeconds()));
    }
}
