package dev.parvi.scenarios;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.Persistence;

/**
 * A node refuses to start with any journal but Parvi's, and names the reason. This one stands in for Parvi's and hands everything on to
 * the stock journal, which keeps its own settings, its replay filter included.
 */
final class BehindTheBack extends AbstractActor {
    private final ActorRef stock = Persistence.get(getContext().getSystem())
            .journalFor(StockJournal.PLUGIN + ".journal", ConfigFactory.empty());

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .matchAny(message -> stock.forward(message, getContext()))
                .build();
    }
}
