package dev.parvi.runtime;

import dev.parvi.runtime.Handshakes.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes nodes whose ports show that they are gone, before the split-brain resolver has waited until nothing changes any more. It
 * waits for those whose machines still accept connections: they may be frozen, starved or collecting garbage, and come back.
 */
final class PortWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PortWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(400);
    private static final Duration PATIENCE = Duration.ofMillis(300);

    /** Beyond so many others a node looks at the next ones in the order of addresses only, as with heartbeats. */
    private static final int WATCHED_MAX = 9;

    private static final Collection<MemberStatus> LISTENING =
            List.of(MemberStatus.joining(), MemberStatus.weaklyUp(), MemberStatus.up(), MemberStatus.leaving());

    private final Cluster cluster;
    private final ActorSystem system;
    private final Handshakes handshakes;
    private final PortEvidence<UniqueAddress> evidence = new PortEvidence<>();
    private long lastLookNanos = System.nanoTime();

    private PortWatch(ActorSystem system, Handshakes handshakes) {
        this.cluster = Cluster.get(system);
        this.system = system;
        this.handshakes = handshakes;
    }

    /** Starts to watch the other members, connecting from this host if it is not empty. */
    static Lookout start(ActorSystem system, String fromHost) {
        var from = fromHost.isEmpty() ? null : new InetSocketAddress(fromHost, 0);
        var watch = new PortWatch(system, new Handshakes(from, PATIENCE));
        return Lookout.every(INTERVAL, "parvi-port-watch", watch::look, LOG);
    }

    private void look() throws IOException {
        var now = System.nanoTime();
        if (now - lastLookNanos > INTERVAL.plus(PATIENCE).multipliedBy(2).toNanos()) evidence.forget();
        lastLookNanos = now;
        var watched = watched();
        if (!watched.isEmpty()) judge(watched);
    }

    private void judge(List<Member> watched) throws IOException {
        var ports = new HashMap<UniqueAddress, InetSocketAddress>();
        watched.forEach(member -> ports.put(member.uniqueAddress(), port(member)));
        var answered = handshakes.with(ports.values());
        var answers = new HashMap<UniqueAddress, Answer>();
        ports.forEach((node, port) -> answers.put(node, answered.getOrDefault(port, Answer.NONE)));
        var missed = new HashSet<UniqueAddress>();
        cluster.state().getUnreachable().forEach(member -> missed.add(member.uniqueAddress()));
        var gone = evidence.judge(answers, missed, others().size() + 1);
        watched.stream().filter(member -> gone.contains(member.uniqueAddress())).forEach(member -> {
            var why = answers.get(member.uniqueAddress()) == Answer.REFUSED
                    ? "its port refuses"
                    : "its machine is silent";
            LOG.warn("Node {} is gone: {}; its entities move", member.address(), why);
            Departures.declare(member, system);
        });
    }

    /** The next ones behind this node, in a circle. */
    private List<Member> watched() {
        var others = others();
        var self = cluster.selfMember();
        var behind = others.stream().filter(other -> Member.ordering().compare(other, self) > 0);
        var before = others.stream().filter(other -> Member.ordering().compare(other, self) < 0);
        return Stream.concat(behind, before).limit(WATCHED_MAX).toList();
    }

    private List<Member> others() {
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .filter(member -> LISTENING.contains(member.status()))
                .filter(member -> !member.uniqueAddress().equals(cluster.selfUniqueAddress()))
                .sorted(Member.ordering()::compare)
                .toList();
    }

    private static InetSocketAddress port(Member member) {
        var address = member.address();
        return new InetSocketAddress(
                address.getHost().orElseThrow(), address.getPort().orElseThrow());
    }
}
