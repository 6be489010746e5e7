package dev.parvi.scenarios;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.PersistenceSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * {@code dying:<url>} opens the real store, and ends the process, between two instructions, when it is first told to do what the system
 * property {@code dying.at} names: the crash that a {@code kill -9} may or may not hit.
 */
public final class DyingProvider implements EventStore.Provider {
    static final String AT = "dying.at";
    private static final String KEY = "parvi.persistence.store";
    private static final int AS_IF_KILLED = 137;

    @Override
    public String scheme() {
        return "dying:";
    }

    @Override
    public String example() {
        return "dying:<url>";
    }

    @Override
    public EventStore open(PersistenceSettings settings, Config config) {
        var url = settings.store().substring(scheme().length());
        var real = EventStore.open(config.withValue(KEY, ConfigValueFactory.fromAnyRef(url)));
        return (EventStore) Proxy.newProxyInstance(
                EventStore.class.getClassLoader(), new Class<?>[] {EventStore.class}, (self, method, arguments) -> {
                    if (method.getName().equals(System.getProperty(AT)))
                        Runtime.getRuntime().halt(AS_IF_KILLED);
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    @Override
    public String migrate(PersistenceSettings settings, Config config) {
        return "what dies has no tables of its own";
    }
}
