package dev.parvi.runtime;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrapSettings;
import org.apache.pekko.management.cluster.bootstrap.JoinDecider;
import org.apache.pekko.management.cluster.bootstrap.JoinDecision;
import org.apache.pekko.management.cluster.bootstrap.JoinOtherSeedNodes;
import org.apache.pekko.management.cluster.bootstrap.JoinSelf$;
import org.apache.pekko.management.cluster.bootstrap.KeepProbing$;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesInformation;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesObservation;
import scala.concurrent.Future;
import scala.concurrent.Future$;

/**
 * Decides who founds the cluster of a data folder, so that two never come to be.
 *
 * <p>A node founds one only while it holds the founder's lock, which it keeps until it ends, and only after every node
 * that lived when it took the lock has since said that it is in no cluster. Nobody else can found one meanwhile, and a cluster that
 * exists has a living member, which was listed before it joined and says so. "Since" is told by counting answers, not by clocks:
 * of two new answers of one node, the second was asked for after the lock was taken.
 */
final class FounderDecider implements JoinDecider {
    private static final int ANSWERS = 2;

    private final ActorSystem system;
    private final MemberDirectory directory;
    private final String self;
    private boolean mayFound;
    private Set<String> unheard = Set.of();
    private final Map<String, LocalDateTime> lastAnswer = new HashMap<>();
    private final Map<String, Integer> answers = new HashMap<>();

    /** Called by Pekko, by the name in the configuration. */
    FounderDecider(ActorSystem system, ClusterBootstrapSettings settings) {
        this.system = system;
        this.directory =
                MemberDirectory.in(NodeSettings.from(system.settings().config()).data());
        this.self = Cluster.get(system).selfMember().address().toString();
    }

    @Override
    public Future<JoinDecision> decide(SeedNodesInformation info) {
        return Future$.MODULE$.successful(decision(info));
    }

    private JoinDecision decision(SeedNodesInformation info) {
        if (info.hasSeedNodes()) return new JoinOtherSeedNodes(info.getAllSeedNodes());
        countAnswers(info);
        if (!mayFound) {
            var lock = directory.tryFound();
            if (lock.isEmpty()) return KeepProbing$.MODULE$;
            system.registerOnTermination(lock.get()::close);
            mayFound = true;
            startCounting();
        }
        if (unheard.stream().allMatch(other -> answers.getOrDefault(other, 0) >= ANSWERS)) return JoinSelf$.MODULE$;
        if (!others().containsAll(unheard)) startCounting();
        return KeepProbing$.MODULE$;
    }

    private void startCounting() {
        answers.clear();
        unheard = others();
    }

    private void countAnswers(SeedNodesInformation info) {
        for (var observation : info.getSeedNodesObservations()) {
            var other = contactPoint(observation);
            if (!observation.observedAt().equals(lastAnswer.put(other, observation.observedAt()))) {
                answers.merge(other, 1, Integer::sum);
            }
        }
    }

    private Set<String> others() {
        return directory.live().stream()
                .filter(member -> !member.address().equals(self))
                .map(MemberDirectory.Member::contactPoint)
                .collect(Collectors.toSet());
    }

    private static String contactPoint(SeedNodesObservation observation) {
        var target = observation.contactPoint();
        return target.host() + ":" + target.getPort().orElse(0);
    }
}
