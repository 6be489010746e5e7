package dev.parvi.scenarios;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.PersistenceSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/**
 * The control: a store that does what journals without a fence do. {@code unfenced:<url>} opens the real store, but appends at the end
 * of the history, whatever its writer has seen, and says that all went well. A scenario that finds no fault with it proves nothing.
 */
public final class UnfencedProvider implements EventStore.Provider {
    private static final String KEY = "parvi.persistence.store";

    @Override
    public String scheme() {
        return "unfenced:";
    }

    @Override
    public String example() {
        return "unfenced:<url>";
    }

    @Override
    public EventStore open(PersistenceSettings settings, Config config) {
        var url = settings.store().substring(scheme().length());
        var real = EventStore.open(config.withValue(KEY, ConfigValueFactory.fromAnyRef(url)));
        return (EventStore) Proxy.newProxyInstance(
                EventStore.class.getClassLoader(), new Class<?>[] {EventStore.class}, (self, method, arguments) -> {
                    if (method.getName().equals("append")) return append(real, (EventStore.Append) arguments[0]);
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    @Override
    public String migrate(PersistenceSettings settings, Config config) {
        return "a control has no tables of its own";
    }

    private static CompletableFuture<EventStore.AppendResult> append(EventStore real, EventStore.Append append) {
        return real.head(append.entity()).thenCompose(head -> {
            var atTheEnd = new EventStore.Append(append.entity(), head, append.writer(), append.records());
            return real.append(atTheEnd)
                    .thenApply(result -> (EventStore.AppendResult) new EventStore.Appended(append.lastRevision()));
        });
    }
}
