package dev.parvi.persistence.postgres;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a failed transaction means for the writes in it, as long as its commit was not sent. */
enum PostgresFailure {
    /** Two transactions were in each other's way, and the server has undone this one. */
    COLLISION,
    /** The server, or the driver, does not take what one of the writes holds. The others of its group are well. */
    REFUSED,
    /** The server is away, hangs, has no room, takes no writes: the next try may find it well. */
    OTHER;

    static PostgresFailure of(Throwable failure) {
        var cause = sqlCause(failure);
        if (cause == null) return failure instanceof Error ? OTHER : REFUSED;
        var state = Objects.requireNonNullElse(cause.getSQLState(), "");
        if (state.equals("40001") || state.equals("40P01") || state.equals("23505")) return COLLISION;
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54") ? REFUSED : OTHER;
    }

    /** One sentence for a person. */
    static String sentence(PostgresUrl url, Throwable failure) {
        var cause = sqlCause(failure);
        var message = String.valueOf(cause == null ? failure : cause.getMessage());
        return url + ": " + message.lines().findFirst().orElse("").strip();
    }

    /** Whether the server says that the table or its schema is not there. */
    static boolean isMissingTable(SQLException failure) {
        return "42P01".equals(failure.getSQLState()) || "3F000".equals(failure.getSQLState());
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause())
            if (each instanceof SQLException found) return found;
        return null;
    }
}
