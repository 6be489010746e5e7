package dev.parvi.runtime;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.UnusableStore;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The {@code parvi} command. */
@Command(
        name = "parvi",
        description = "Durable objects that you host yourself.",
        synopsisHeading = "",
        customSynopsis = {"Usage: parvi COMMAND [OPTIONS]", ""},
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        versionProvider = Parvi.Version.class,
        subcommands = {
            RunCommand.class,
            ClusterCommand.class,
            ConfigCommand.class,
            Parvi.StoreCommand.class,
            Parvi.DevCommand.class,
            Parvi.VersionCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  parvi run                          one node on port 8080, data in ./data",
            "  parvi run --port 0 --data ./other  a free port, other data",
            "  parvi cluster --nodes 3            three nodes on this machine",
            "  parvi config                       every setting and where it comes from",
            "  parvi store migrate --store URL    make the tables of a store on a server",
            "  parvi dev cassandra                a Cassandra server to try a store against",
            "",
            "parvi COMMAND --help tells more. Exit codes: 0 stopped as asked, 1 fault, 2 wrong option",
            "or setting, 3 port, folder or store not usable, 4 could not join, 5 removed by the cluster."
        })
public final class Parvi {
    private Parvi() {}

    public static void main(String[] arguments) {
        var code = StartFailure.Exit.FAULT.code();
        try {
            code = commandLine().execute(arguments);
        } catch (Throwable fatal) {
            say(
                    new PrintWriter(System.err, false, Charset.defaultCharset()),
                    "A fault that Parvi did not expect: " + fatal + ".");
        }
        // Threads of the actor system must not keep a failed start alive.
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Parvi())
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(Parvi::onWrongOption)
                .setExecutionExceptionHandler((failure, command, parsed) -> onFailure(failure, command));
    }

    static String version() {
        return Optional.ofNullable(Parvi.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private static int onWrongOption(ParameterException failure, String[] arguments) {
        var command = failure.getCommandLine();
        var sentence = String.valueOf(failure.getMessage()).lines().findFirst().orElse("The command is wrong");
        say(command.getErr(), sentence + "; see " + command.getCommandSpec().qualifiedName() + " --help.");
        return StartFailure.Exit.USAGE.code();
    }

    private static int onFailure(Exception failure, CommandLine command) {
        if (failure instanceof StartFailure known) {
            say(command.getErr(), known.sentence());
            return known.exit().code();
        }
        LoggerFactory.getLogger(Parvi.class).error("Parvi failed", failure);
        say(command.getErr(), "A fault that Parvi did not expect: " + failure + "; the log has the details.");
        return StartFailure.Exit.FAULT.code();
    }

    private static void say(PrintWriter out, String sentence) {
        out.println("parvi: " + sentence);
        out.flush();
    }

    /** Reads the version from the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "Parvi " + version(), "JDK   " + Runtime.version() + ", " + System.getProperty("java.vendor")
            };
        }
    }

    /** {@code parvi store}: what is done to a store and not by a node. */
    @Command(
            name = "store",
            description = "Looks after a store.",
            mixinStandardHelpOptions = true,
            commandListHeading = "%nCommands:%n",
            optionListHeading = "%nOptions:%n",
            subcommands = {StoreCommand.MigrateCommand.class, StoreCommand.TakeOverCommand.class},
            footer = {"", "Examples:", "  parvi store migrate --store cassandra://127.0.0.1:9042"})
    static final class StoreCommand {
        /** Says what was done. */
        static String migrate(NodeOptions options) {
            LogSetup.installForAnswers();
            try {
                return EventStore.migrate(options.layers().effective());
            } catch (UnusableStore failure) {
                throw StartFailure.of(StartFailure.Exit.MACHINE, NodeSettings.sentence(failure.getMessage()));
            } catch (IllegalArgumentException wrong) {
                throw StartFailure.usage(NodeSettings.sentence(wrong.getMessage()));
            }
        }

        @Command(
                name = "migrate",
                description = "Makes the tables of a store, or changes those of an older release. Safe to repeat.",
                sortOptions = false,
                mixinStandardHelpOptions = true,
                optionListHeading = "%nOptions:%n",
                footer = {"", "Run it once, before the nodes of a new release. What is stored stays."})
        static final class MigrateCommand implements Runnable {
            @Mixin
            private NodeOptions options = new NodeOptions();

            @CommandLine.Spec
            private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

            @Override
            public void run() {
                var out = spec.commandLine().getOut();
                out.println(NodeSettings.sentence(migrate(options)));
                out.flush();
            }
        }

        @Command(
                name = "take-over",
                description = "Makes a store this cluster's, whoever had it.",
                sortOptions = false,
                mixinStandardHelpOptions = true,
                optionListHeading = "%nOptions:%n",
                footer = {
                    "",
                    "A store serves one cluster. Take it over only when no node of the other one runs any more,",
                    "such as after the data folder that holds the cluster's name was lost."
                })
        static final class TakeOverCommand implements Runnable {
            @Mixin
            private NodeOptions options = new NodeOptions();

            @CommandLine.Spec
            private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

            @Override
            public void run() {
                LogSetup.installForAnswers();
                var config = options.layers().effective();
                var settings = NodeSettings.from(config);
                try (var store = EventStore.open(config)) {
                    var out = spec.commandLine().getOut();
                    out.println("The store belongs to the cluster \"" + Node.StoreOwnership.takeOver(store, settings)
                            + "\" now.");
                    out.flush();
                } catch (UnusableStore failure) {
                    throw StartFailure.of(StartFailure.Exit.MACHINE, NodeSettings.sentence(failure.getMessage()));
                }
            }
        }
    }

    /** What a developer needs beside the nodes. */
    @Command(
            name = "dev",
            description = "Starts servers to develop against. Not for production.",
            mixinStandardHelpOptions = true,
            commandListHeading = "%nCommands:%n",
            optionListHeading = "%nOptions:%n",
            subcommands = DevCassandraCommand.class,
            footer = {"", "Examples:", "  parvi dev cassandra --nodes 3"})
    static final class DevCommand {}

    @Command(name = "version", description = "Prints the version of Parvi and of the JDK.")
    static final class VersionCommand implements Runnable {
        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public void run() {
            for (var line : new Version().getVersion())
                spec.commandLine().getOut().println(line);
        }
    }
}
