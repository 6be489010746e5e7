package dev.parvi.persistence;

import dev.parvi.entity.NotServing;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendLimits;
import dev.parvi.persistence.EventStore.AppendResult;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;

/** The journal over a store that takes little at a time, remembers what it was asked, and answers some appends as a test says. */
final class NarrowJournal extends Journal {
    static final AppendLimits LIMITS = new AppendLimits(1_000, 3);
    private static final Map<String, Asked> ASKED = new ConcurrentHashMap<>();

    NarrowJournal() {
        super(NarrowJournal::narrow);
    }

    static Asked asked(String entity) {
        return ASKED.computeIfAbsent(entity, id -> new Asked());
    }

    static EventStore real(ActorSystem system) {
        return EventStoreExtension.of(system).store();
    }

    private static EventStore narrow(EventStore real) {
        return (EventStore) Proxy.newProxyInstance(
                EventStore.class.getClassLoader(),
                new Class<?>[] {EventStore.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "append" -> append(real, (Append) arguments[0]);
                    case "appendLimits" -> LIMITS;
                    default -> method.invoke(real, arguments);
                });
    }

    private static CompletableFuture<AppendResult> append(EventStore real, Append append) {
        var asked = asked(append.entity());
        var answer = asked.answerTo(append);
        if (answer != null) return answer.thenCompose(goOn -> real.append(append));
        if (append.sizeBytes() > LIMITS.bytesMax() || append.records().size() > LIMITS.recordsMax())
            return CompletableFuture.failedFuture(new NotServing("too much"));
        return real.append(append);
    }

    /** The appends to one entity. */
    static final class Asked {
        private final List<Append> appends = new ArrayList<>();
        private final Map<Integer, CompletableFuture<?>> answers = new HashMap<>();

        /** The n-th append, counted from 0, waits for this and fails if it fails. */
        synchronized void holdBack(int number, CompletableFuture<?> until) {
            answers.put(number, until);
        }

        private synchronized @Nullable CompletableFuture<?> answerTo(Append append) {
            appends.add(append);
            return answers.get(appends.size() - 1);
        }

        synchronized List<Append> appends() {
            return List.copyOf(appends);
        }
    }
}
