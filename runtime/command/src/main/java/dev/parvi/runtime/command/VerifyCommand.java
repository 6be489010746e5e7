package dev.parvi.runtime.command;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.transfer.Verification;
import dev.parvi.persistence.transfer.Verification.Finding;
import dev.parvi.runtime.Json;
import dev.parvi.runtime.StartFailure;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parvi verify}: reads everything, and says what is wrong with it. */
@Command(
        name = "verify",
        description = "Reads all that a store holds: checksums, revisions, outcomes. Changes nothing.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Exit code 0 if all is as it was stored, 6 if not: a line then names each record.",
            "",
            "Examples:",
            "  parvi verify",
            "  parvi verify --keys --type account --json"
        })
final class VerifyCommand extends TransferCommand {
    @Option(names = "--keys", description = "Looks up each idempotency key too; a read an event.")
    private boolean keys;

    private final AtomicLong findings = new AtomicLong();

    VerifyCommand() {
        super("verifying");
    }

    @Override
    int run(EventStore store, String prefix, ProgressLine progress) {
        var totals = new Verification(store, prefix, keys, progress, finding -> print(finding, progress)).run();
        var counts = counts(totals);
        counts.put("findings", findings.get());
        report(out(), "Verified " + spoken(totals) + ": " + verdict() + ",", counts, progress);
        return (findings.get() == 0 ? StartFailure.Exit.OK : StartFailure.Exit.DAMAGE).code();
    }

    private String verdict() {
        return findings.get() == 0 ? "all sound" : findings.get() + " not as stored";
    }

    private void print(Finding finding, ProgressLine progress) {
        findings.incrementAndGet();
        progress.end();
        out().println(
                        isJson()
                                ? Json.object(json -> {
                                    json.writeStringField("entity", finding.entity());
                                    json.writeNumberField("revision", finding.revision());
                                    json.writeStringField("finding", finding.what());
                                })
                                : finding.entity() + " at revision " + finding.revision() + " " + finding.what());
        out().flush();
    }
}
