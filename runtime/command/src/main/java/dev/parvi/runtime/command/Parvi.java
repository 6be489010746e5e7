package dev.parvi.runtime.command;

import dev.parvi.runtime.Node;
import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
            OpenApiCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            VerifyCommand.class,
            HistoryCommand.class,
            StoreCommand.class,
            InspectCommand.class,
            DevCommand.class,
            VersionCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  parvi run                          one node on port 8080, data in ./data",
            "  parvi run --port 0 --data ./other  a free port, other data",
            "  parvi cluster --nodes 3            three nodes on this machine",
            "  parvi config                       every setting and where it comes from",
            "  parvi openapi > openapi.json       what clients can ask of the entities, for their tools",
            "  parvi history account/alice        what happened to one entity",
            "  parvi export backup.parvi          all that is stored, in a file",
            "  parvi store migrate --store URL    make the tables of a store on a server",
            "  parvi inspect cassandra://HOST/KEYSPACE  what a stock journal of Pekko or Akka has lost",
            "  parvi dev cassandra                a Cassandra server to try a store against",
            "  parvi drill --seed 42              random failures of three nodes, and a verdict",
            "",
            "parvi COMMAND --help tells more. Exit codes: 0 stopped as asked, 1 fault, 2 wrong option",
            "or setting, 3 port, folder or store not usable, 4 could not join, 5 removed by the cluster,",
            "6 damage found."
        })
public final class Parvi {
    private Parvi() {}

    public static void main(String[] arguments) {
        // Threads of the actor system must not keep a failed start alive.
        System.exit(execute(new Parvi(), arguments));
    }

    /** Runs a command with the manners of this one: what goes wrong is one sentence. Gives the exit code. */
    public static int execute(Object command, String... arguments) {
        try {
            return commandLine(command).execute(arguments);
        } catch (Throwable fatal) {
            say(
                    new PrintWriter(System.err, false, Charset.defaultCharset()),
                    "A fault that Parvi did not expect: " + fatal + ".");
            return StartFailure.Exit.FAULT.code();
        }
    }

    static CommandLine commandLine() {
        return commandLine(new Parvi());
    }

    private static CommandLine commandLine(Object main) {
        return new CommandLine(main)
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(Parvi::onWrongOption)
                .setExecutionExceptionHandler((failure, command, parsed) -> onFailure(failure, command));
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
                "Parvi " + Node.version(), "JDK   " + Runtime.version() + ", " + System.getProperty("java.vendor")
            };
        }
    }
}
