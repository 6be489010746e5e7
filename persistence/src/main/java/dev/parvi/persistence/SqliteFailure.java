package dev.parvi.persistence;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's result codes mean for us. Numbers are those of sqlite.org/rescode.html; the low byte is the kind. */
enum SqliteFailure {
    BUSY("is locked by another process for too long"),
    FULL("cannot grow: the disk is full"),
    READ_ONLY("cannot be written: it is read-only, or was moved or deleted"),
    NOT_A_DATABASE("is not a SQLite database"),
    DAMAGED("is damaged"),
    SHARED_MEMORY("has no room for its index (-shm)"),
    INPUT_OUTPUT("could not be read or written"),
    CONSTRAINT("refused a row"),
    OTHER("failed");

    private final String sentence;

    SqliteFailure(String sentence) {
        this.sentence = sentence;
    }

    static SqliteFailure of(Throwable failure) {
        if (!(failure instanceof SQLException sql)) return OTHER;
        return switch (sql.getErrorCode() & 0xff) {
            case 5, 6, 15 -> BUSY;
            case 13 -> FULL;
            case 8, 14 -> READ_ONLY;
            case 26 -> NOT_A_DATABASE;
            case 11 -> DAMAGED;
            case 10 -> isSharedMemory(sql) ? SHARED_MEMORY : INPUT_OUTPUT;
            case 19 -> CONSTRAINT;
            default -> OTHER;
        };
    }

    /** One sentence for a person. */
    String of(SqliteFile file, Throwable failure) {
        return file + " " + sentence + " (" + failure.getMessage() + ")";
    }

    /**
     * Whether a COMMIT that failed so has left nothing behind. A full disk has not taken the frame that commits; a busy one has not
     * begun. Anything else may have left a whole transaction in the log, which the next process to open the file finds.
     */
    boolean commitsNothing() {
        return this == FULL || this == BUSY;
    }

    /**
     * Whether the store must not go on. After a failed sync the kernel may have dropped the pages and report success the next time
     * (Rebello et al., "Can Applications Recover from fsync Failures?", 2020). The index in shared memory is only a cache.
     */
    boolean stopsAfterCommit() {
        return !commitsNothing() && this != SHARED_MEMORY;
    }

    private static boolean isSharedMemory(SQLException failure) {
        if (!(failure instanceof SQLiteException sqlite)) return false;
        var code = sqlite.getResultCode();
        return code == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE
                || code == SQLiteErrorCode.SQLITE_IOERR_SHMOPEN
                || code == SQLiteErrorCode.SQLITE_IOERR_SHMMAP
                || code == SQLiteErrorCode.SQLITE_IOERR_SHMLOCK;
    }
}
