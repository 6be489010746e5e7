package dev.parvi.persistence;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import dev.parvi.protobuf.EventRecord;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;

/**
 * Measures, by hand, what one persisted event costs in Pekko and the store together: clients that each wait for their last event
 * before the next, over 2,000 persistent actors. Argument: the number of clients.
 */
final class JournalThroughput {
    private static final int ENTITIES = 2_000;
    private static final int SECONDS = 5;
    private static final int ROUNDS = 4;

    private JournalThroughput() {}

    public static void main(String[] arguments) throws Exception {
        var clients = Integer.parseInt(arguments[0]);
        var config = ConfigFactory.parseString(arguments.length > 1 ? arguments[1] : "")
                .withFallback(TckConfig.fresh());
        var system = ActorSystem.create("throughput", config);
        var store = EventStoreExtension.of(system).store();
        var stored = new AtomicLong();
        var actors = new ActorRef[ENTITIES];
        for (var n = 0; n < ENTITIES; n++) {
            var id = "account/" + n;
            actors[n] = system.actorOf(Props.create(Account.class, () -> new Account(id, actors, stored)));
        }
        Thread.sleep(5_000);
        for (var client = 0; client < clients; client++) next(actors);
        var cpu = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        for (var round = 0; round < ROUNDS; round++) {
            var before = stored.get();
            var commits = store.stats().commits();
            var spent = cpu.getProcessCpuTime();
            Thread.sleep(SECONDS * 1_000L);
            var events = stored.get() - before;
            System.out.printf(
                    Locale.ROOT,
                    "%d clients: %d events/s, %.1f a sync, cpu %.1f us an event%n",
                    clients,
                    events / SECONDS,
                    events / (double) (store.stats().commits() - commits),
                    (cpu.getProcessCpuTime() - spent) / 1e3 / events);
        }
        system.terminate();
    }

    private static void next(ActorRef[] actors) {
        actors[ThreadLocalRandom.current().nextInt(ENTITIES)].tell("next", ActorRef.noSender());
    }

    private static final class Account extends AbstractPersistentActor {
        private static final EventRecord EVENT = EventRecord.newBuilder()
                .setType("bank.v1.AccountEvent")
                .setPayload(ByteString.copyFrom(new byte[60]))
                .setMethod("Deposit")
                .build();
        private final String id;
        private final ActorRef[] actors;
        private final AtomicLong stored;

        Account(String id, ActorRef[] actors, AtomicLong stored) {
            this.id = id;
            this.actors = actors;
            this.stored = stored;
        }

        @Override
        public String persistenceId() {
            return id;
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder().build();
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .matchEquals(
                            "next",
                            next -> persistAsync(EVENT, event -> {
                                stored.incrementAndGet();
                                next(actors);
                            }))
                    .build();
        }
    }
}
