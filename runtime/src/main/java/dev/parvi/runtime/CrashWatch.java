package dev.parvi.runtime;

import java.time.Duration;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a node whose process is gone as soon as the data folder proves it, without waiting for failure detector and split-brain
 * resolver. {@link PortWatch} does so for nodes on other machines.
 */
final class CrashWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CrashWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final MemberDirectory directory;
    private final ActorSystem system;

    private CrashWatch(MemberDirectory directory, ActorSystem system) {
        this.directory = directory;
        this.system = system;
    }

    /** Starts to watch. The node must be a member: what it finds, nobody else will. */
    static Lookout start(MemberDirectory directory, ActorSystem system) {
        var watch = new CrashWatch(directory, system);
        return Lookout.every(INTERVAL, "parvi-crash-watch", watch::look, LOG);
    }

    private void look() {
        directory.takeCrashed().forEach(this::remove);
    }

    private void remove(MemberDirectory.Member crashed) {
        for (Member member : Cluster.get(system).state().getMembers()) {
            var unique = member.uniqueAddress();
            if (unique.longUid() != crashed.uid()
                    || !unique.address().toString().equals(crashed.address())) continue;
            LOG.warn("Node {} (pid {}) is gone; its entities move", crashed.address(), crashed.pid());
            Departures.declare(member, system);
        }
    }
}
