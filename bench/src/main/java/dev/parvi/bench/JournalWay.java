package dev.parvi.bench;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parvi.protobuf.EventRecord;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import scala.jdk.javaapi.CollectionConverters;

/** A journal plugin of Pekko, asked as a persistent actor asks it, one event a request. */
final class JournalWay implements Way {
    private static final EventRecord EVENT = EventRecord.newBuilder()
            .setType("bank.v1.AccountEvent")
            .setPayload(ByteString.copyFrom(new byte[110]))
            .setMethod("Deposit")
            .build();

    private final ActorSystem system;
    private final ActorRef journal;
    private final ActorRef answers;
    private final String writer = UUID.randomUUID().toString();
    private final AtomicInteger requests = new AtomicInteger();
    private final ConcurrentHashMap<Integer, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

    JournalWay(String plugin, Config config) {
        system = ActorSystem.create("bench", config);
        journal = Persistence.get(system).journalFor(plugin, ConfigFactory.empty());
        answers = system.actorOf(Props.create(Answers.class, () -> new Answers(waiting)));
    }

    @Override
    public CompletableFuture<?> write(String entity, long revision) {
        var request = requests.incrementAndGet();
        var answer = new CompletableFuture<Void>();
        waiting.put(request, answer);
        var event = PersistentRepr.apply(EVENT, revision, entity, "", false, ActorRef.noSender(), writer);
        List<PersistentEnvelope> messages = List.of(AtomicWrite.apply(event));
        journal.tell(
                new WriteMessages(CollectionConverters.asScala(messages).toList(), answers, request),
                ActorRef.noSender());
        return answer;
    }

    @Override
    public void close() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("the journal does not stop", failure);
        }
    }

    /** Takes the journal's answers, each with the number of its request. */
    private static final class Answers extends AbstractActor {
        private final ConcurrentHashMap<Integer, CompletableFuture<Void>> waiting;

        Answers(ConcurrentHashMap<Integer, CompletableFuture<Void>> waiting) {
            this.waiting = waiting;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(
                            WriteMessageSuccess.class,
                            stored -> take(stored.actorInstanceId()).complete(null))
                    .match(
                            WriteMessageFailure.class,
                            failed -> take(failed.actorInstanceId()).completeExceptionally(failed.cause()))
                    .match(
                            WriteMessageRejected.class,
                            refused -> take(refused.actorInstanceId()).completeExceptionally(refused.cause()))
                    .matchAny(ofTheWholeRequest -> {})
                    .build();
        }

        private CompletableFuture<Void> take(int request) {
            var answer = waiting.remove(request);
            return answer == null ? new CompletableFuture<>() : answer;
        }
    }
}
