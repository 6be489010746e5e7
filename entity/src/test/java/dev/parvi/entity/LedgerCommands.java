package dev.parvi.entity;

import java.time.Instant;
import java.util.Objects;

/** Commands to the test entity. */
public final class LedgerCommands {
    private LedgerCommands() {}

    public static EntityCommand command(String id, String method, long amount, String key) {
        return command(
                id,
                method,
                amount,
                key,
                EntityCommand.ANY_REVISION,
                Instant.now().plusSeconds(30));
    }

    public static EntityCommand command(
            String id, String method, long amount, String key, long expectedRevision, Instant deadline) {
        return new EntityCommand(
                Ledger.TYPE,
                id,
                Objects.requireNonNull(Ledger.TYPE.method(method)),
                Amount.newBuilder().setAmount(amount).build(),
                key,
                false,
                expectedRevision,
                deadline,
                "",
                "");
    }
}
