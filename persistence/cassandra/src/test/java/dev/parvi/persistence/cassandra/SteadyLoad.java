package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.StoreClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Clients with entities of their own: each appends to one after the other, a little at a time, until the load is over. */
final class SteadyLoad {
    private static final long PAUSE_MILLIS = 5;

    private final List<Client> clients;
    private final List<Throwable> failures = new ArrayList<>();
    private volatile boolean isOver;

    SteadyLoad(EventStore store, int clients, int entitiesOfEach) {
        this.clients = IntStream.range(0, clients)
                .mapToObj(n -> new Client(new StoreClient(store), n, entitiesOfEach))
                .toList();
    }

    void start() {
        clients.forEach(Thread::start);
    }

    long acknowledged() {
        return acknowledgedOfEach().stream().mapToLong(n -> n).sum();
    }

    List<Long> acknowledgedOfEach() {
        return clients.stream().map(client -> client.acknowledged.get()).toList();
    }

    /** Those since it was last asked. */
    List<Throwable> takeFailures() {
        synchronized (failures) {
            var taken = List.copyOf(failures);
            failures.clear();
            return taken;
        }
    }

    void end() throws InterruptedException {
        isOver = true;
        for (var client : clients) client.join();
    }

    /** Every acknowledged event is there, once and in its place; what is there besides was answered with a failure. */
    void verify() {
        clients.forEach(Client::verify);
    }

    private void note(Throwable failure) {
        synchronized (failures) {
            failures.add(failure);
        }
    }

    /** An entity, and its events as its client knows them. */
    private record Known(String entity, List<String> events) {
        String next() {
            return entity + "-" + events.size();
        }
    }

    private final class Client extends Thread {
        private final StoreClient client;
        private final List<Known> entities;
        private final AtomicLong acknowledged = new AtomicLong();
        private long inDoubt;

        Client(StoreClient client, int number, int entities) {
            super("client-" + number);
            this.client = client;
            this.entities = IntStream.range(0, entities)
                    .mapToObj(n -> new Known("load/" + number + "-" + n, new ArrayList<>()))
                    .toList();
        }

        @Override
        public void run() {
            var isLost = false;
            for (var n = 0; !isOver; n = (n + 1) % entities.size()) {
                try {
                    if (isLost) entities.forEach(this::lookUp);
                    isLost = false;
                    append(entities.get(n));
                    Thread.sleep(PAUSE_MILLIS);
                } catch (CompletionException failure) {
                    isLost = true;
                    note(Requests.unwrap(failure));
                } catch (InterruptedException | AssertionError broken) {
                    note(broken);
                    return;
                }
            }
        }

        private void append(Known known) {
            var record = known.next();
            client.append(known.entity, known.events.size(), getName(), record)
                    .<Boolean>fold(appended -> known.events.add(record), fenced -> {
                        throw new AssertionError("only we write to " + known.entity + ", and yet " + fenced);
                    });
            acknowledged.incrementAndGet();
        }

        /** What an unknown outcome left behind is part of the history now. */
        private void lookUp(Known known) {
            var head = client.head(known.entity);
            assertThat(head).as("head of " + known.entity).isGreaterThanOrEqualTo(known.events.size());
            for (; known.events.size() < head; inDoubt++) known.events.add(known.next());
        }

        void verify() {
            for (var known : entities) assertThat(client.records(known.entity)).isEqualTo(known.events);
            assertThat(entities.stream().mapToLong(known -> known.events.size()).sum())
                    .isEqualTo(acknowledged.get() + inDoubt);
        }
    }
}
