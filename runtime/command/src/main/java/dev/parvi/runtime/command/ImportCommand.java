package dev.parvi.runtime.command;

import com.google.protobuf.Message;
import com.typesafe.config.Config;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.pekkojournal.JournalEvent;
import dev.parvi.persistence.pekkojournal.JournalMapping;
import dev.parvi.persistence.pekkojournal.PekkoJournal;
import dev.parvi.persistence.pekkojournal.PekkoJournalImport;
import dev.parvi.persistence.transfer.Import;
import dev.parvi.persistence.transfer.Totals;
import dev.parvi.persistence.transfer.TransferFailure;
import dev.parvi.runtime.EntityCatalog;
import dev.parvi.runtime.NodeSettings;
import dev.parvi.runtime.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parvi import}: what a file or a journal of another kind holds, in a store. */
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
            "  gunzip <backup.gz | parvi import - --data ./restored",
            "  parvi import --from-journal cassandra://10.0.0.1:9042/pekko --type cart \\",
            "    --entities ./carts                        where the jar of your JournalMapping is"
        })
final class ImportCommand extends TransferCommand {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file to read; - for standard input.")
    private @Nullable String file;

    @Option(
            names = "--from-journal",
            paramLabel = "URL",
            description = "Instead of a file: a journal of pekko-persistence-cassandra, through a JournalMapping.")
    private @Nullable String journal;

    @Mixin
    private EntityOptions entities = new EntityOptions();

    ImportCommand() {
        super("importing");
    }

    @Override
    Config config() {
        return options().layers(entities.keys()).effective();
    }

    @Override
    boolean makesStore() {
        return true;
    }

    @Override
    int run(EventStore store, String prefix, ProgressLine progress) {
        if ((file == null) == (journal == null))
            throw StartFailure.usage("Name a file to import, or a journal with --from-journal.");
        if (journal != null) return takeOver(journal, store, prefix, progress);
        var totals = read(String.valueOf(file), new Import(store, prefix, progress));
        report(out(), "Imported " + spoken(totals), counts(totals), progress);
        return StartFailure.Exit.OK.code();
    }

    private static Totals read(String file, Import reader) {
        if (!file.equals("-")) return reader.from(Path.of(file));
        try {
            return reader.from("standard input", System.in, 0);
        } catch (IOException failure) {
            throw new TransferFailure("The export could not be read: " + failure.getMessage());
        }
    }

    private int takeOver(String url, EventStore store, String prefix, ProgressLine progress) {
        var loader = EntityCatalog.loader(NodeSettings.from(config()).entityFolders());
        var mapping = StoreOptions.orSentence(() -> JournalMapping.find(loader));
        var result = StoreOptions.orSentence(() -> {
            try (var opened = PekkoJournal.open(url, config())) {
                return PekkoJournalImport.of(opened, store, new OfType(prefix, mapping))
                        .run(
                                refusal -> err().println(NodeSettings.sentence(refusal.sentence())),
                                so -> progress.on(new Totals(so.persistenceIds(), so.events(), 0), -1));
            }
        });
        var counts = new LinkedHashMap<String, Long>();
        counts.put("entities", result.entities());
        counts.put("events", result.stored() + result.wereThere());
        counts.put("eventsThereBefore", result.wereThere());
        counts.put("idsLeftOut", result.leftOut());
        counts.put("refused", result.refused());
        var sentence = "Took over " + spoken(result.entities(), "entity", "entities") + " with "
                + spoken(result.stored() + result.wereThere(), "event", "events") + " (" + result.wereThere()
                + " there before), left out " + spoken(result.leftOut(), "id", "ids") + ", refused " + result.refused();
        report(out(), sentence, counts, progress);
        return (result.refused() == 0 ? StartFailure.Exit.OK : StartFailure.Exit.DAMAGE).code();
    }

    /** Leaves out what is not asked for, so that one type can be taken over after the other. */
    private record OfType(String prefix, JournalMapping all) implements JournalMapping {
        @Override
        public Optional<Target> entity(String persistenceId) {
            return all.entity(persistenceId)
                    .filter(target -> target.persistenceId().startsWith(prefix));
        }

        @Override
        public Message event(Target entity, JournalEvent stored) {
            return all.event(entity, stored);
        }
    }
}
