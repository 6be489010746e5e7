package dev.parvi.runtime.command;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.transfer.Import;
import dev.parvi.persistence.transfer.Totals;
import dev.parvi.persistence.transfer.TransferFailure;
import dev.parvi.runtime.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parvi import}: what a file holds, in a store. */
@Command(
        name = "import",
        description = "Stores what an export holds: events with their revisions and keys, and snapshots.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "An entity that is there already is passed over if it is the same, and ends the import if it is",
            "not; nothing is overwritten. To run it again is to resume it.",
            "",
            "Examples:",
            "  parvi import backup.parvi --store postgres://parvi@db/parvi",
            "  gunzip <backup.gz | parvi import - --data ./restored"
        })
final class ImportCommand extends TransferCommand {
    @Parameters(paramLabel = "FILE", description = "The file to read; - for standard input.")
    private String file = "";

    ImportCommand() {
        super("importing");
    }

    @Override
    boolean makesStore() {
        return true;
    }

    @Override
    int run(EventStore store, String prefix, ProgressLine progress) {
        var totals = read(new Import(store, prefix, progress));
        progress.end();
        report("Imported", totals, progress.elapsed(), "");
        return StartFailure.Exit.OK.code();
    }

    private Totals read(Import reader) {
        if (!file.equals("-")) return reader.from(Path.of(file));
        try {
            return reader.from("standard input", System.in, 0);
        } catch (IOException failure) {
            throw new TransferFailure("The export could not be read: " + failure.getMessage());
        }
    }
}
