package dev.parvi.runtime;

import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.remote.UniqueAddress;
import org.apache.pekko.remote.artery.QuarantinedEvent;

/** Takes nodes out of the cluster that are known to be gone. */
final class Departures {
    private Departures() {}

    /** Quarantine counts as proof of unreachability, so the leader need not wait until the failure detector agrees. */
    static void declare(Member member, ActorSystem system) {
        var unique = member.uniqueAddress();
        Cluster.get(system).down(unique.address());
        system.eventStream().publish(new QuarantinedEvent(new UniqueAddress(unique.address(), unique.longUid())));
    }
}
