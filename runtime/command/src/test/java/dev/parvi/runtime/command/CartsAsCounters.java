package dev.parvi.runtime.command;

import com.google.protobuf.Message;
import dev.parvi.persistence.pekkojournal.JournalEvent;
import dev.parvi.persistence.pekkojournal.JournalMapping;
import dev.parvi.runtime.test.v1.Added;
import dev.parvi.runtime.test.v1.CounterEvent;
import java.util.Optional;

/** Each event of a cart counts by the size of its payload. */
public final class CartsAsCounters implements JournalMapping {
    private static final String CART = "cart|";

    @Override
    public Optional<Target> entity(String persistenceId) {
        return persistenceId.startsWith(CART)
                ? Optional.of(new Target("counter", persistenceId.substring(CART.length())))
                : Optional.empty();
    }

    @Override
    public Message event(Target entity, JournalEvent stored) {
        return CounterEvent.newBuilder()
                .setAdded(Added.newBuilder().setAmount(stored.payload().size()))
                .build();
    }
}
