package dev.parvi.runtime.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code parvi version}. */
@Command(name = "version", description = "Prints the version of Parvi and of the JDK.")
final class VersionCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        for (var line : new Parvi.Version().getVersion())
            spec.commandLine().getOut().println(line);
    }
}
