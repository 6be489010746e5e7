package dev.parvi.runtime.command;

import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;
import org.apache.pekko.actor.Props;

/** An extension for {@code pekko.extensions} that keeps the actor system from ever ending. */
public final class NeverEnding extends AbstractExtensionId<NeverEnding.Started> implements ExtensionIdProvider {
    @Override
    public NeverEnding lookup() {
        return this;
    }

    @Override
    public Started createExtension(ExtendedActorSystem system) {
        var props = Props.create(Stuck.class, Stuck::new).withDispatcher("pekko.actor.default-blocking-io-dispatcher");
        system.systemActorOf(props, "stuck");
        return new Started();
    }

    /** There is nothing to ask it for. */
    public static final class Started implements Extension {}

    private static final class Stuck extends AbstractActor {
        @Override
        public Receive createReceive() {
            return emptyBehavior();
        }

        @Override
        public void postStop() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }
}
