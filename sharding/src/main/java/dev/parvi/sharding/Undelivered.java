package dev.parvi.sharding;

import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.NotServing;
import java.time.Duration;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.UnhandledMessage;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;

/**
 * Tells at once those who wait for an entity that never got their message. Pekko drops what arrives while a shard is handed over, and
 * what is on its way to a node that is gone; without this, everybody waits until their attempt times out.
 */
final class Undelivered extends AbstractActorWithTimers {
    private static final String MOVES = "the entity moves to another node";

    /** The regions learn of a removal when we do. Whoever was faster than they are is told the second time. */
    private static final Duration REGIONS_KNOW = Duration.ofMillis(50);

    private static final Duration REGIONS_MUST_KNOW = Duration.ofMillis(500);

    private final Attempts attempts;

    private Undelivered(Attempts attempts) {
        this.attempts = attempts;
    }

    static Props props(Attempts attempts) {
        return Props.create(Undelivered.class, () -> new Undelivered(attempts));
    }

    @Override
    public void preStart() {
        var events = getContext().getSystem().eventStream();
        events.subscribe(getSelf(), AllDeadLetters.class);
        events.subscribe(getSelf(), UnhandledMessage.class);
        Cluster.get(getContext().getSystem())
                .subscribe(getSelf(), ClusterEvent.initialStateAsEvents(), MemberRemoved.class);
    }

    @Override
    public void postStop() {
        getContext().getSystem().eventStream().unsubscribe(getSelf());
        Cluster.get(getContext().getSystem()).unsubscribe(getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(AllDeadLetters.class, this::onLost)
                .match(UnhandledMessage.class, lost -> tell(lost.message(), lost.sender()))
                .match(MemberRemoved.class, this::onRemoved)
                .match(Gone.class, gone -> attempts.endAll("node " + gone.address() + " is gone"))
                .build();
    }

    /** What regions drop comes wrapped, as the message of a dead letter. */
    private void onLost(AllDeadLetters lost) {
        var innermost = lost.message() instanceof AllDeadLetters wrapped ? wrapped : lost;
        tell(innermost.message(), innermost.sender());
    }

    private void onRemoved(MemberRemoved removed) {
        var gone = new Gone(removed.member().address().toString());
        getTimers().startSingleTimer(gone + " soon", gone, REGIONS_KNOW);
        getTimers().startSingleTimer(gone + " late", gone, REGIONS_MUST_KNOW);
    }

    private void tell(Object message, ActorRef asker) {
        if (message instanceof EntityCommand command) asker.tell(notServing(command), getSelf());
        if (message instanceof HeadWatch watch)
            asker.tell(new HeadReply(watch.type(), watch.id(), watch.beyond()), getSelf());
    }

    private static EntityReply notServing(EntityCommand command) {
        return new EntityReply(
                command.type().name(), command.id(), command.method().name(), new NotServing(MOVES));
    }

    private record Gone(String address) {}
}
