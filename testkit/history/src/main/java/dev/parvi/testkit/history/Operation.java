package dev.parvi.testkit.history;

import com.google.protobuf.ByteString;

/**
 * One command or query of one client: begun when it is first sent, ended once, when its client knows what became of it or gives up.
 * Of the reply only a hash is kept.
 */
public final class Operation {
    private final History history;
    private final Kind kind;
    private final String client;
    private final String entity;
    private final String method;
    private final String key;
    private final long begunNanos;
    private int unansweredAttempts;
    private boolean isReplayed;
    private long endedNanos;
    private long revision;
    private long replyHash = ReplyHash.UNKNOWN;
    /** Written last and read first: whoever sees an end sees the rest. */
    private volatile End end = End.OPEN;

    Operation(History history, Kind kind, String client, String entity, String method, String key, long begunNanos) {
        this.history = history;
        this.kind = kind;
        this.client = client;
        this.entity = entity;
        this.method = method;
        this.key = key;
        this.begunNanos = begunNanos;
    }

    /** An attempt went without an answer: it may be carried out at any later time. The operation goes on, or ends as it ends. */
    public synchronized void unanswered() {
        unansweredAttempts++;
    }

    /**
     * The command is stored: its client was told so.
     *
     * @param revision the entity's revision after it
     * @param reply the reply message in binary form
     * @param isReplayed whether the answer said that it came from an earlier attempt
     */
    public void acknowledged(long revision, ByteString reply, boolean isReplayed) {
        end(End.ACKNOWLEDGED, revision, ReplyHash.of(reply), isReplayed);
    }

    /** The same from an answer that does not give the reply in binary form: it is not compared. */
    public void acknowledged(long revision, boolean isReplayed) {
        end(End.ACKNOWLEDGED, revision, ReplyHash.UNKNOWN, isReplayed);
    }

    /** The query, or a command that had nothing to store, was answered with what the entity was at this revision. */
    public void answered(long revision) {
        end(End.ANSWERED, revision, ReplyHash.UNKNOWN, false);
    }

    /** The last attempt was refused. Unless another one went without an answer, nothing was stored and nothing will be. */
    public void refused() {
        end(End.REFUSED, 0, ReplyHash.UNKNOWN, false);
    }

    /** Its client gave up and does not know what became of it. Of a command, this is a violation. */
    public void undecided() {
        end(End.UNDECIDED, 0, ReplyHash.UNKNOWN, false);
    }

    private synchronized void end(End how, long at, long hash, boolean replayed) {
        if (end != End.OPEN) throw new IllegalStateException(this + " has ended already");
        revision = at;
        replyHash = hash;
        isReplayed = replayed;
        endedNanos = history.nowNanos();
        end = how;
    }

    public Kind kind() {
        return kind;
    }

    public String client() {
        return client;
    }

    /** Type, slash and id, as the store knows them. */
    public String entity() {
        return entity;
    }

    public String method() {
        return method;
    }

    /** Empty if the client chose none. */
    public String key() {
        return key;
    }

    /** How it ended; {@link End#OPEN} as long as it has not. */
    public End end() {
        return end;
    }

    /** Since the history began. */
    public long begunNanos() {
        return begunNanos;
    }

    /** Since the history began. Of an operation that has not ended, the end of all times. */
    public long endedNanos() {
        return end == End.OPEN ? Long.MAX_VALUE : endedNanos;
    }

    /** What its client was told; 0 if nothing. */
    public long revision() {
        return end == End.OPEN ? 0 : revision;
    }

    /** Whether its client was told that the answer is that of an earlier attempt. */
    public boolean isReplayed() {
        return end == End.ACKNOWLEDGED && isReplayed;
    }

    public synchronized int unansweredAttempts() {
        return unansweredAttempts;
    }

    /** True if nothing was stored for it and nothing will be: every attempt was answered, and none with a success that stores. */
    public boolean storesNothing() {
        return (end == End.REFUSED || end == End.ANSWERED) && unansweredAttempts() == 0;
    }

    long replyHash() {
        return end == End.OPEN ? ReplyHash.UNKNOWN : replyHash;
    }

    /** For sentences: what it was, of whom and when. */
    @Override
    public String toString() {
        return method + (key.isEmpty() ? "" : " " + key) + " of " + client + " on " + entity + " (" + span() + ")";
    }

    private String span() {
        var begun = Times.text(begunNanos);
        return end == End.OPEN ? "begun at " + begun : begun + " to " + Times.text(endedNanos);
    }

    /** What is asked. */
    public enum Kind {
        COMMAND,
        QUERY,
        CONFIRMED_QUERY
    }

    /** What became of it, as its client knows. */
    public enum End {
        OPEN,
        ACKNOWLEDGED,
        ANSWERED,
        REFUSED,
        UNDECIDED
    }
}
