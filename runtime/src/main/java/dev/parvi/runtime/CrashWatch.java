package dev.parvi.runtime;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a node whose process is gone as soon as the data folder proves it, without waiting for failure detector and split-brain
 * resolver. {@link PortWatch} does so for nodes on other machines.
 */
final class CrashWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CrashWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final MemberDirectory directory;
    private final ActorSystem system;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "parvi-crash-watch");
        thread.setDaemon(true);
        return thread;
    });

    private CrashWatch(MemberDirectory directory, ActorSystem system) {
        this.directory = directory;
        this.system = system;
    }

    /** Starts to watch. The node must be a member: what it finds, nobody else will. */
    static CrashWatch start(MemberDirectory directory, ActorSystem system) {
        var watch = new CrashWatch(directory, system);
        watch.timer.scheduleWithFixedDelay(watch::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    private void look() {
        try {
            directory.takeCrashed().forEach(this::remove);
        } catch (RuntimeException e) {
            LOG.warn("Cannot look for crashed nodes", e);
        }
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

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
