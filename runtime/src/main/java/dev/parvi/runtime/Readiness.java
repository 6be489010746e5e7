package dev.parvi.runtime;

import dev.parvi.entity.EntityClient;
import dev.parvi.entity.EntityCommand;
import dev.parvi.node.v1.LookRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Whether requests should be sent to this node: it is a member, it is not draining, and an entity answers. A node that was ready
 * rides out a failover of others: it stays so until entities have not answered for the tolerance.
 */
final class Readiness {
    private final BooleanSupplier isMember;
    private final EntityClient entities;
    private final String probeId;
    private final Duration timeout;
    private final Duration tolerance;
    private volatile boolean isDraining;
    private volatile boolean hasAnswered;
    private volatile long answeredNanos;

    Readiness(BooleanSupplier isMember, EntityClient entities, String probeId, NodeSettings settings) {
        this.isMember = isMember;
        this.entities = entities;
        this.probeId = probeId;
        this.timeout = settings.readinessTimeout();
        this.tolerance = settings.readinessTolerance();
    }

    /** From now on the node is not ready. */
    void drain() {
        isDraining = true;
    }

    /** Looks now; takes up to the time-out of one round trip. */
    Verdict look() {
        if (isDraining) return Verdict.notReady("the node is draining");
        if (!isMember.getAsBoolean()) return Verdict.notReady("the node is not yet a member of the cluster");
        var verdict = roundTrip();
        if (verdict.isReady()) {
            answeredNanos = System.nanoTime();
            hasAnswered = true;
            return verdict;
        }
        boolean tolerable = hasAnswered && System.nanoTime() - answeredNanos < tolerance.toNanos();
        return tolerable ? Verdict.READY : verdict;
    }

    private Verdict roundTrip() {
        var type = Probe.TYPE;
        var method = Objects.requireNonNull(type.method("Look"));
        var command = new EntityCommand(
                type,
                probeId,
                method,
                LookRequest.getDefaultInstance(),
                "",
                false,
                EntityCommand.ANY_REVISION,
                Instant.now().plus(timeout),
                "",
                "");
        try {
            return entities.ask(command)
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .fold(
                            completed -> Verdict.READY,
                            rejection -> Verdict.notReady("the probe was refused: " + rejection.message()),
                            notServing -> Verdict.notReady("entities do not answer: " + notServing.reason()),
                            unknown -> Verdict.notReady("entities do not answer: " + unknown.reason()));
        } catch (TimeoutException e) {
            return Verdict.notReady("an entity did not answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.notReady("the look was interrupted");
        } catch (ExecutionException e) {
            return Verdict.notReady("the probe failed: " + e.getCause());
        }
    }

    /** The answer, with the reason when it is no. */
    record Verdict(boolean isReady, String reason) {
        static final Verdict READY = new Verdict(true, "");

        static Verdict notReady(String reason) {
            return new Verdict(false, reason);
        }
    }
}
