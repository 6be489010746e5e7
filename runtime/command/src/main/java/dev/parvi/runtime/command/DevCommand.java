package dev.parvi.runtime.command;

import picocli.CommandLine.Command;

/** {@code parvi dev}: what a developer needs beside the nodes. */
@Command(
        name = "dev",
        description = "Starts servers to develop against. Not for production.",
        mixinStandardHelpOptions = true,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        subcommands = DevCassandraCommand.class,
        footer = {"", "Examples:", "  parvi dev cassandra --nodes 3"})
final class DevCommand {}
