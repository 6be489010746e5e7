package dev.parvi.runtime.command;

import dev.parvi.runtime.EntityCatalog;
import dev.parvi.runtime.MemberDirectory;
import dev.parvi.runtime.NodeSettings;
import dev.parvi.runtime.Ports;
import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parvi cluster}: several nodes on this machine, each a process of its own, for as long as this one runs. */
@Command(
        name = "cluster",
        description = "Runs several nodes on this machine. Kill any of them; the others go on.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Node n listens on --port + n - 1 and --management-port + n - 1; the defaults are 8081 and 9081.",
            "With 0 every node takes free ports. Logs are in <data>/logs. Ctrl-C stops all nodes in good order.",
            "",
            "Examples:",
            "  parvi cluster --nodes 3",
            "  parvi cluster --nodes 3 --port 0 --management-port 0 --data ./swarm"
        })
final class ClusterCommand implements Callable<Integer> {
    private static final int PORT = 8081;
    private static final int MANAGEMENT_PORT = 9081;

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "3", description = "How many nodes. Default: 3")
    private int nodes;

    @Mixin
    private NodeOptions options = new NodeOptions();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final List<ChildNode> children = new CopyOnWriteArrayList<>();
    private final CountDownLatch noneLeft = new CountDownLatch(1);
    private final AtomicBoolean isStopping = new AtomicBoolean();

    @Override
    public Integer call() throws InterruptedException {
        var settings = NodeSettings.from(options.layers().effective());
        if (nodes < 1 || nodes > 32)
            throw StartFailure.usage("--nodes must be between 1 and 32, but is " + nodes + ".");
        if (nodes > 1 && String.valueOf(options.store.store).startsWith("memory:")) {
            throw StartFailure.usage(
                    "--store memory: cannot be shared by several nodes: each would have entities of its own.");
        }
        EntityCatalog.load(settings.entityFolders());
        requireFreePorts(settings);
        // Once and before all of them: nodes that make the same tables at the same moment get into each other's way.
        if (options.autoMigrate) StoreOptions.migrate(options.layers().effective());
        var directory = MemberDirectory.in(settings.data());

        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAllAndHalt, "parvi-stop"));
        try {
            for (int number = 1; number <= nodes; number++) {
                children.add(ChildNode.start(number, arguments(number, settings.data()), settings.data()));
            }
            var out = spec.commandLine().getOut();
            for (var child : children) {
                out.println(child.awaitReady(directory, settings.giveUpAfter()));
                out.flush();
            }
            children.forEach(child -> child.onExit(() -> mourn(child, out)));
            noneLeft.await();
            throw StartFailure.of(StartFailure.Exit.FAULT, "All nodes have ended.");
        } finally {
            stopAll();
        }
    }

    private void mourn(ChildNode child, PrintWriter out) {
        if (isStopping.get()) return;
        out.println(child.obituary());
        out.flush();
        if (children.stream().noneMatch(ChildNode::isAlive)) noneLeft.countDown();
    }

    /** Ends with 0 when somebody stopped this process; when it ended by itself, its code says why. */
    private void stopAllAndHalt() {
        if (stopAll()) Runtime.getRuntime().halt(StartFailure.Exit.OK.code());
    }

    private boolean stopAll() {
        if (!isStopping.compareAndSet(false, true)) return false;
        children.forEach(ChildNode::stop);
        children.forEach(ChildNode::awaitStopped);
        return true;
    }

    private List<String> arguments(int number, Path data) {
        var arguments = new ArrayList<>(List.of("run", "--stop-with-parent", "--data", data.toString()));
        arguments.addAll(List.of("--port", Integer.toString(port(options.port, PORT, number))));
        arguments.addAll(
                List.of("--management-port", Integer.toString(port(options.managementPort, MANAGEMENT_PORT, number))));
        arguments.addAll(List.of("--set", "parvi.node.name=node-" + number));
        arguments.addAll(options.sharedArguments());
        return arguments;
    }

    private void requireFreePorts(NodeSettings settings) {
        var host = options.host == null ? settings.managementHost() : options.host;
        for (int number = 1; number <= nodes; number++) {
            Ports.requireFree(host, port(options.port, PORT, number), "parvi.http");
            Ports.requireFree(
                    settings.managementHost(),
                    port(options.managementPort, MANAGEMENT_PORT, number),
                    "parvi.node.management");
        }
    }

    private static int port(@Nullable Integer base, int standard, int number) {
        int first = base == null ? standard : base;
        return first == 0 ? 0 : first + number - 1;
    }
}
