package dev.parvi.sharding;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.jspecify.annotations.Nullable;

/** Who waits for the next event of one entity: a node asks once for all its streams, so these are few. Most entities have none. */
final class Watchers {
    /** Beyond this many, whoever has waited longest asks again. */
    private static final int WAITING_MAX = 100;

    private @Nullable List<Waiting> waiting;

    void add(ActorRef from, HeadWatch watch, long nowMillis) {
        if (waiting == null) waiting = new ArrayList<>(2);
        waiting.removeIf(each -> each.deadlineMillis < nowMillis);
        if (waiting.size() >= WAITING_MAX) waiting.remove(0);
        waiting.add(new Waiting(from, watch.beyond(), watch.deadlineMillis()));
    }

    /** Hands over those who wait for no more than this revision. */
    void onStored(long revision, Consumer<ActorRef> onDue) {
        if (waiting == null) return;
        waiting.removeIf(each -> {
            if (each.beyond >= revision) return false;
            onDue.accept(each.from);
            return true;
        });
    }

    /** Hands over all. */
    void abandon(Consumer<ActorRef> onAbandoned) {
        if (waiting != null) waiting.forEach(each -> onAbandoned.accept(each.from));
        waiting = null;
    }

    private record Waiting(ActorRef from, long beyond, long deadlineMillis) {}
}
