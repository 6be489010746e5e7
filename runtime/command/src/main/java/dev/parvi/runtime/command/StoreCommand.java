package dev.parvi.runtime.command;

import dev.parvi.persistence.EventStore;
import dev.parvi.runtime.NodeSettings;
import dev.parvi.runtime.StoreOwnership;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code parvi store}: what is done to a store and not by a node. */
@Command(
        name = "store",
        description = "Looks after a store.",
        mixinStandardHelpOptions = true,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        subcommands = {StoreCommand.MigrateCommand.class, StoreCommand.TakeOverCommand.class},
        footer = {"", "Examples:", "  parvi store migrate --store cassandra://127.0.0.1:9042"})
final class StoreCommand {
    @Command(
            name = "migrate",
            description = "Makes the tables of a store, or changes those of an older release. Safe to repeat.",
            sortOptions = false,
            mixinStandardHelpOptions = true,
            optionListHeading = "%nOptions:%n",
            footer = {"", "Run it once, before the nodes of a new release. What is stored stays."})
    static final class MigrateCommand implements Runnable {
        @Mixin
        private StoreOptions options = new StoreOptions();

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public void run() {
            LogSetup.installForAnswers();
            var out = spec.commandLine().getOut();
            out.println(NodeSettings.sentence(StoreOptions.migrate(options.config())));
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
        private StoreOptions options = new StoreOptions();

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public void run() {
            LogSetup.installForAnswers();
            var config = options.config();
            var settings = NodeSettings.from(config);
            try (EventStore store = StoreOptions.open(config)) {
                var out = spec.commandLine().getOut();
                out.println(
                        "The store belongs to the cluster \"" + StoreOwnership.takeOver(store, settings) + "\" now.");
                out.flush();
            }
        }
    }
}
