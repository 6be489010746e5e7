package dev.parvi.entity;

import com.google.protobuf.Empty;
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

    public static EntityCommand deletion(String id, String key) {
        return deletion(id, key, EntityCommand.ANY_REVISION, Instant.now().plusSeconds(30));
    }

    public static EntityCommand deletion(String id, String key, long expectedRevision, Instant deadline) {
        return new EntityCommand(
                Ledger.TYPE,
                id,
                Ledger.TYPE.deletion().orElseThrow(),
                Empty.getDefaultInstance(),
                key,
                false,
                expectedRevision,
                deadline,
                "",
                "");
    }

    /** With a key that nobody has sent before. */
    public static EntityCommand fresh(String id, String method, long amount, String key) {
        var command = command(id, method, amount, key);
        return new EntityCommand(
                command.type(),
                id,
                command.method(),
                command.request(),
                key,
                true,
                command.expectedRevision(),
                command.deadline(),
                command.principal(),
                command.trace());
    }
}
