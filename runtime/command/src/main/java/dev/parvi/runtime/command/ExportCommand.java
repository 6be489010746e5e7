package dev.parvi.runtime.command;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.transfer.Export;
import dev.parvi.persistence.transfer.Totals;
import dev.parvi.persistence.transfer.TransferFailure;
import dev.parvi.runtime.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parvi export}: what a store holds, in a file. */
@Command(
        name = "export",
        description = "Writes what a store holds to a file, while the nodes go on.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Of each entity the file holds its history up to some revision, whole. Blocks have checksums.",
            "",
            "Examples:",
            "  parvi export backup.parvi",
            "  parvi export backup.parvi --resume                goes on after an interruption",
            "  parvi export accounts.parvi --type account --store cassandra://10.0.0.1:9042",
            "  parvi export - | gzip >backup.gz"
        })
final class ExportCommand extends TransferCommand {
    @Parameters(paramLabel = "FILE", description = "The file to write, which must not be there; - for standard output.")
    private String file = "";

    @Option(names = "--resume", description = "Goes on with a file where its export was interrupted.")
    private boolean resumes;

    ExportCommand() {
        super("exporting");
    }

    @Override
    int run(EventStore store, String prefix, ProgressLine progress) {
        var totals = write(new Export(store, prefix, progress));
        var sentence = "Exported " + spoken(totals) + (isPipe() ? "" : " to " + file);
        report(isPipe() ? err() : out(), sentence, counts(totals), progress);
        return StartFailure.Exit.OK.code();
    }

    private Totals write(Export export) {
        if (!isPipe()) return resumes ? export.resume(Path.of(file)) : export.toFile(Path.of(file));
        if (resumes) throw new TransferFailure("Only an export to a file can be resumed");
        try {
            return export.to(System.out);
        } catch (IOException failure) {
            throw new TransferFailure("The export could not be written: " + failure.getMessage());
        }
    }

    private boolean isPipe() {
        return file.equals("-");
    }
}
