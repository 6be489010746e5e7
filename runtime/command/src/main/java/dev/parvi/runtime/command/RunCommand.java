package dev.parvi.runtime.command;

import dev.parvi.runtime.ConfigLayers;
import dev.parvi.runtime.EntityCatalog;
import dev.parvi.runtime.Node;
import dev.parvi.runtime.NodeSettings;
import dev.parvi.runtime.Ports;
import dev.parvi.runtime.StartFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parvi run}: one node in this process, until it is told to stop. */
@Command(
        name = "run",
        description = "Runs one node. A second one on the same data folder joins the first.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  parvi run",
            "  parvi run --port 8082 --management-port 9082      joins the node above",
            "  parvi run --entities ./my-entities --data /var/lib/parvi",
            "  parvi run --set parvi.sharding.passivate-after=1m"
        })
final class RunCommand implements Callable<Integer> {
    /** All phases of a drain have limits of their own; this is for the case that one does not keep its own. */
    private static final Duration DRAIN_MAX = Duration.ofSeconds(90);

    @Mixin
    private NodeOptions options = new NodeOptions();

    @Option(names = "--stop-with-parent", hidden = true, description = "Drains when standard input ends.")
    private boolean stopWithParent;

    @Option(
            names = "--stop-when-ready",
            hidden = true,
            description = "Serves one request and stops: shows which classes a start needs.")
    private boolean stopWhenReady;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final AtomicReference<@Nullable Node> running = new AtomicReference<>();

    @Override
    public Integer call() {
        if (stopWithParent) watchParent();
        var layers = options.layers();
        var settings = NodeSettings.from(layers.effective());
        LogSetup.install(settings.log(), settings.name());
        var entities = EntityCatalog.load(settings.entityFolders());

        Runtime.getRuntime().addShutdownHook(new Thread(this::drainAndHalt, "parvi-drain"));
        var node = Node.start(layers.effective(), entities);
        running.set(node);
        try {
            node.awaitReady();
            announce(node, layers);
            if (stopWhenReady) return serveOne(node);
            node.awaitOver().ifPresent(failure -> {
                throw failure;
            });
            return StartFailure.Exit.OK.code();
        } finally {
            // Whatever comes next is an exit with a code of its own.
            if (running.getAndSet(null) != null)
                node.drain()
                        .completeOnTimeout(null, DRAIN_MAX.toSeconds(), TimeUnit.SECONDS)
                        .join();
        }
    }

    /** Ends with 0, not with the JVM's 143, so that a supervisor can tell a stop from a crash. */
    private void drainAndHalt() {
        var node = running.getAndSet(null);
        if (node == null) return;
        try {
            node.drain().get(DRAIN_MAX.toSeconds(), TimeUnit.SECONDS);
            Runtime.getRuntime().halt(StartFailure.Exit.OK.code());
        } catch (Exception e) {
            LoggerFactory.getLogger(RunCommand.class).error("The drain did not finish", e);
            Runtime.getRuntime().halt(StartFailure.Exit.FAULT.code());
        }
    }

    /** A parent that dies, however it dies, closes the pipe. */
    private void watchParent() {
        var thread = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) continue;
                    } catch (IOException e) {
                        LoggerFactory.getLogger(RunCommand.class).warn("Lost the parent process", e);
                    }
                    System.exit(StartFailure.Exit.OK.code());
                },
                "parvi-parent");
        thread.setDaemon(true);
        thread.start();
    }

    private static int serveOne(Node node) {
        var url = Ports.url(node.http()) + "/" + node.shownTypes().get(0) + "/first";
        try {
            var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.getResponseCode();
            connection.disconnect();
            return StartFailure.Exit.OK.code();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void announce(Node node, ConfigLayers layers) {
        if (LogSetup.isTerminal()) {
            banner(spec.commandLine().getOut(), node, layers);
        } else {
            LoggerFactory.getLogger(RunCommand.class)
                    .info("Ready at {}, management {}", Ports.url(node.http()), Ports.url(node.management()));
        }
    }

    private static void banner(PrintWriter out, Node node, ConfigLayers layers) {
        var url = Ports.url(node.http());
        var types = node.shownTypes();
        out.println();
        out.println("  Parvi " + Node.version());
        out.println();
        out.println("  clients     " + url);
        out.println("  management  " + Ports.url(node.management()) + "/status");
        out.println("  explore     " + url + "/docs");
        out.println("  store       " + storeOf(layers.settings()));
        out.println("  entities    " + String.join(", ", types));
        out.println();
        if (types.contains("account")) {
            out.println("  try         curl -X POST " + url + "/account/alice/deposit -d '{\"amount\": 100}'");
        } else {
            out.println("  try         curl -i " + url + "/" + types.get(0) + "/one");
        }
        out.println("  stop        Ctrl-C");
        out.println();
        out.flush();
    }

    private static String storeOf(List<ConfigLayers.Setting> settings) {
        return settings.stream()
                .filter(setting -> setting.key().equals("parvi.persistence.store"))
                .map(ConfigLayers.Setting::value)
                .findFirst()
                .orElse("");
    }
}
