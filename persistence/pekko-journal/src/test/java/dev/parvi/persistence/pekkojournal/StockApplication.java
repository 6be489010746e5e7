package dev.parvi.persistence.pekkojournal;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.Status;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.RecoveryCompleted;
import scala.Option;

/** One process of an application that uses the stock plugin. Nothing keeps two of them from owning the same persistence id. */
final class StockApplication implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final ActorSystem system;

    StockApplication(Config config) {
        system = ActorSystem.create("shop", config);
    }

    /** A persistent actor that has recovered. */
    Owner own(String persistenceId) {
        var recovered = new CompletableFuture<List<Replayed>>();
        var actor = system.actorOf(Props.create(Cart.class, () -> new Cart(persistenceId, recovered)));
        return new Owner(actor, wait(recovered));
    }

    /** What the plugin delivers to a new actor. Fails as the recovery does. */
    List<Replayed> replay(String persistenceId) {
        var owner = own(persistenceId);
        owner.stop();
        return owner.replayed();
    }

    @Override
    public void close() {
        system.terminate();
        wait(system.getWhenTerminated().toCompletableFuture());
    }

    record Replayed(long sequenceNr, String event) {}

    record Owner(ActorRef actor, List<Replayed> replayed) {
        /** Is acknowledged when this returns. */
        void store(String... events) {
            ask(List.of(events));
        }

        void deleteTo(long sequenceNr) {
            ask(sequenceNr);
        }

        void stop() {
            StockApplication.wait(Patterns.gracefulStop(actor, PATIENCE).toCompletableFuture());
        }

        private void ask(Object message) {
            StockApplication.wait(Patterns.ask(actor, message, PATIENCE).toCompletableFuture());
        }
    }

    private static <T> T wait(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toSeconds(), SECONDS);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException | TimeoutException silence) {
            throw new IllegalStateException(silence);
        }
    }

    private static final class Cart extends AbstractPersistentActor {
        private final String persistenceId;
        private final CompletableFuture<List<Replayed>> recovered;
        private final List<Replayed> replayed = new ArrayList<>();
        private ActorRef asker = ActorRef.noSender();
        private int owed;

        Cart(String persistenceId, CompletableFuture<List<Replayed>> recovered) {
            this.persistenceId = persistenceId;
            this.recovered = recovered;
        }

        @Override
        public String persistenceId() {
            return persistenceId;
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder()
                    .match(String.class, event -> replayed.add(new Replayed(lastSequenceNr(), event)))
                    .match(RecoveryCompleted.class, done -> recovered.complete(List.copyOf(replayed)))
                    .build();
        }

        @Override
        public void onRecoveryFailure(Throwable cause, Option<Object> event) {
            recovered.completeExceptionally(cause);
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(List.class, this::store)
                    .match(Long.class, to -> {
                        asker = getSender();
                        deleteMessages(to);
                    })
                    .match(DeleteMessagesSuccess.class, done -> asker.tell("deleted", getSelf()))
                    .match(
                            DeleteMessagesFailure.class,
                            failed -> asker.tell(new Status.Failure(failed.cause()), getSelf()))
                    .build();
        }

        private void store(List<?> events) {
            var from = getSender();
            owed = events.size();
            persistAll(events, event -> {
                if (--owed == 0) from.tell("stored", getSelf());
            });
        }
    }
}
