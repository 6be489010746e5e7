package dev.parvi.runtime;

import com.typesafe.config.Config;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityType;
import dev.parvi.http.HttpEdge;
import dev.parvi.http.HttpSettings;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStoreExtension;
import dev.parvi.persistence.PersistenceSettings;
import dev.parvi.persistence.UnusableStore;
import dev.parvi.sharding.ShardedEntities;
import dev.parvi.sharding.ShardingSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.http.scaladsl.model.Uri;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: a member of the cluster that runs entities and shows them over HTTP. {@link #start} returns once the ports are taken;
 * {@link #awaitReady()} waits until entities answer. A node ends once: by {@link #drain()}, or because the cluster removed it.
 */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final String SYSTEM = "parvi";
    private static final Duration TERMINATION_MAX = Duration.ofSeconds(10);
    private static final Duration SHARDS_SETTLE = Duration.ofMillis(500);
    private static final Duration READY_INTERVAL = Duration.ofMillis(50);
    private static final Map<CoordinatedShutdown.Reason, StartFailure> FAILURES = Map.of(
            CoordinatedShutdown.clusterDowningReason(),
            StartFailure.of(
                    StartFailure.Exit.REMOVED,
                    "The cluster goes on without this node: it was unreachable for too long, or on the smaller side of a cut."),
            CoordinatedShutdown.clusterJoinUnsuccessfulReason(),
            StartFailure.of(
                    StartFailure.Exit.JOIN,
                    "The cluster did not let this node in within parvi.node.formation.give-up-after."),
            CoordinatedShutdown.incompatibleConfigurationDetectedReason(),
            StartFailure.of(
                    StartFailure.Exit.JOIN,
                    "The cluster runs with other settings than this node: split-brain strategy and shards must be the same"
                            + " on all nodes."));

    private final NodeSettings settings;
    private final ActorSystem system;
    private final ManagementServer management;
    private final EventStore store;
    private final ShardedEntities entities;
    private final HttpEdge edge;
    private final List<String> shownTypes;
    private final Readiness readiness;
    private final CompletableFuture<Void> up = new CompletableFuture<>();
    private final CompletableFuture<Optional<StartFailure>> over = new CompletableFuture<>();

    private Node(
            NodeSettings settings,
            ActorSystem system,
            ManagementServer management,
            EventStore store,
            ShardedEntities entities,
            HttpEdge edge,
            List<String> shownTypes) {
        this.settings = settings;
        this.system = system;
        this.management = management;
        this.store = store;
        this.entities = entities;
        this.edge = edge;
        this.shownTypes = shownTypes;
        var address = Cluster.get(system).selfMember().address().toString();
        this.readiness = new Readiness(up::isDone, entities, address, settings);
    }

    /**
     * Takes the ports, starts everything and begins to look for the cluster.
     *
     * @param config the whole configuration, Pekko's defaults included
     * @throws StartFailure for whatever the caller can mend
     */
    public static Node start(Config config, List<Entity<?, ?>> entities) {
        DangerousSettings.refuse(config);
        var settings = NodeSettings.from(config);
        var http = NodeSettings.reading(() -> HttpSettings.from(config));
        var sharding = NodeSettings.reading(() -> ShardingSettings.from(config));
        NodeSettings.reading(() -> PersistenceSettings.from(config));
        var directory = MemberDirectory.in(settings.data());
        Ports.requireFree(http.host(), http.port(), "parvi.http");
        Ports.requireFree(settings.host(), settings.port(), "parvi.node");

        var management = ManagementServer.bind(settings.managementHost(), settings.managementPort());
        Optional<ActorSystem> system = Optional.empty();
        try {
            system = Optional.of(ActorSystem.create(SYSTEM, settings.forActorSystem(config)));
            var store = openStore(system.get());
            StoreOwnership.require(store, settings, directory);
            var all = new ArrayList<>(entities);
            all.add(new Probe());
            var outcomes = EventStoreExtension.of(system.get()).outcomes();
            var sharded = ShardedEntities.start(system.get(), all, sharding, outcomes);
            var shown = types(entities);
            var edge = HttpEdge.start(system.get(), shown, sharded, new NodeHistory(store, sharded, outcomes), http)
                    .join();
            var node = new Node(settings, system.get(), management, store, sharded, edge, names(shown));
            node.form(directory);
            return node;
        } catch (RuntimeException e) {
            management.close();
            system.ifPresent(ActorSystem::terminate);
            throw e;
        }
    }

    /**
     * The OpenAPI document that a node with this configuration and these entities shows.
     *
     * @throws StartFailure for whatever the caller can mend
     */
    public static String openApi(Config config, List<Entity<?, ?>> entities) {
        return HttpEdge.openApi(types(entities), NodeSettings.reading(() -> HttpSettings.from(config)));
    }

    private static List<EntityType<?, ?>> types(List<Entity<?, ?>> entities) {
        List<EntityType<?, ?>> types = new ArrayList<>();
        entities.forEach(entity -> types.add(entity.type()));
        return types;
    }

    private static EventStore openStore(ActorSystem system) {
        try {
            return EventStoreExtension.of(system).store();
        } catch (UnusableStore e) {
            throw StartFailure.of(StartFailure.Exit.MACHINE, NodeSettings.sentence(e.getMessage()));
        }
    }

    private static List<String> names(List<EntityType<?, ?>> types) {
        return types.stream().map(EntityType::name).toList();
    }

    private void form(MemberDirectory directory) {
        var cluster = Cluster.get(system);
        var liveness = Liveness.watch(system.dispatcher()::execute, store, settings.starvedAfter());
        new ManagementRoutes(this, system, readiness, liveness).addTo(management);
        management.start();

        var self = cluster.selfMember().uniqueAddress();
        var contactPoint =
                settings.managementHost() + ":" + management.address().getPort();
        var membership = directory.join(new MemberDirectory.Member(
                ProcessHandle.current().pid(), contactPoint, self.address().toString(), self.longUid()));
        cluster.registerOnMemberUp(() -> {
            up.complete(null);
            var crashes = CrashWatch.start(directory, system);
            var ports = PortWatch.start(system, settings.outboundHost());
            over.thenRun(crashes::close);
            over.thenRun(ports::close);
        });
        drainInPhases();
        Runnable leave = () -> {
            membership.close();
            liveness.close();
            end();
        };
        system.registerOnTermination(leave);
        leaveAtLast(leave);

        var bootstrap = ClusterBootstrap.get(system);
        bootstrap.setSelfContactPoint(Uri.apply("http://" + contactPoint));
        bootstrap.start();
    }

    /** Pekko waits for its connections before it says that it has ended, and for one into a cut it may wait for ever. */
    private void leaveAtLast(Runnable leave) {
        Supplier<CompletionStage<Done>> timed = () -> {
            CompletableFuture.delayedExecutor(TERMINATION_MAX.toSeconds(), TimeUnit.SECONDS)
                    .execute(() -> {
                        if (over.isDone()) return;
                        LOG.warn("The actor system has not ended after {}; the node ends without it", TERMINATION_MAX);
                        leave.run();
                    });
            return CompletableFuture.completedFuture(Done.done());
        };
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "leave-at-last", timed);
    }

    private void end() {
        var reason = CoordinatedShutdown.get(system).getShutdownReason();
        over.complete(reason.map(FAILURES::get));
        up.completeExceptionally(new IllegalStateException("the node is over"));
    }

    private void drainInPhases() {
        var shutdown = CoordinatedShutdown.get(system);
        Supplier<CompletionStage<Done>> sayNotReady = () -> {
            readiness.drain();
            return after(settings.drainNotice());
        };
        Supplier<CompletionStage<Done>> finishRequests =
                () -> edge.drain(settings.drainRequests()).thenApply(nothing -> Done.done());
        // Who asks for a shard that has just left is told where it is by the coordinator here, before that moves too.
        Supplier<CompletionStage<Done>> letShardsSettle = () -> after(isAlone() ? Duration.ZERO : SHARDS_SETTLE);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "say-not-ready", sayNotReady);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), "finish-requests", finishRequests);
        shutdown.addTask("shards-settle", "let-shards-settle", letShardsSettle);
    }

    private boolean isAlone() {
        return Cluster.get(system).state().members().size() <= 1;
    }

    private CompletionStage<Done> after(Duration pause) {
        var executor = CompletableFuture.delayedExecutor(
                pause.toMillis(), TimeUnit.MILLISECONDS, system.dispatcher()::execute);
        return CompletableFuture.supplyAsync(Done::done, executor);
    }

    /** Waits until entities answer. Throws {@link StartFailure} if that takes longer than {@code give-up-after}. */
    public void awaitReady() {
        long deadline = System.nanoTime() + settings.giveUpAfter().toNanos();
        var verdict = readiness.look();
        while (!verdict.isReady()) {
            if (System.nanoTime() > deadline) {
                throw StartFailure.of(
                        StartFailure.Exit.JOIN,
                        "The node was not ready within "
                                + settings.giveUpAfter().toSeconds() + "s: " + verdict.reason() + ".");
            }
            if (awaitOver(READY_INTERVAL)) throw over.join().orElseGet(Node::stoppedEarly);
            verdict = readiness.look();
        }
    }

    private static StartFailure stoppedEarly() {
        return StartFailure.of(StartFailure.Exit.FAULT, "The node was stopped before it was ready.");
    }

    private boolean awaitOver(Duration time) {
        try {
            over.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the node has ended: with nothing if it was asked to, else with the reason. */
    public Optional<StartFailure> awaitOver() {
        var reason = over.join();
        management.close();
        return reason;
    }

    /**
     * Says that it is not ready, finishes the requests in flight, hands its entities over, leaves the cluster and closes the store.
     * Each step has a time limit. Asking twice changes nothing. Completes when the node has ended.
     */
    public CompletableFuture<Void> drain() {
        CoordinatedShutdown.get(system).run(CoordinatedShutdown.jvmExitReason());
        return over.thenAccept(reason -> management.close());
    }

    /** Where requests are taken. */
    public InetSocketAddress http() {
        return edge.address();
    }

    /** What the client port has in hand and has refused. */
    Map<String, Long> edgeFigures() {
        return edge.figures();
    }

    /** Where health, status and drain are. */
    public InetSocketAddress management() {
        return management.address();
    }

    /** The version of this build, or "development" if it does not run from a jar. */
    public static String version() {
        return Optional.ofNullable(Node.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    EventStore store() {
        return store;
    }

    ShardedEntities entities() {
        return entities;
    }

    /** The types that clients can reach, in alphabetical order. */
    public List<String> shownTypes() {
        return shownTypes;
    }

    NodeSettings settings() {
        return settings;
    }
}
