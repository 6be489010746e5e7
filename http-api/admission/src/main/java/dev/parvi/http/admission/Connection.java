package dev.parvi.http.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection: whose turn it is, and since when. Whatever a client does byte by byte leaves that time alone, so a
 * client that sends or reads a little now and then gains nothing. The stages of the connection write, the sweep reads.
 */
final class Connection implements Client {
    /** What a stage does when its connection is to end. */
    interface Cutter {
        void cut(Reason reason);
    }

    private enum Turn {
        /** The client's: a head is due. */
        HEAD,
        /** The client's: the rest of a body is due. */
        BODY,
        /** The node's: a request is under way. */
        NODE,
        /** Nobody's: an answer that goes on. */
        STREAM,
        /** Nobody's: the next request may come, or not. */
        IDLE,
        /** The client's: everything is said, and it should close. */
        LINGER
    }

    /** Who is told how many bytes of answers are held more, or less. */
    interface Scale {
        void add(int bytes);
    }

    private static final long NOT_WRITING = 0;

    private final Source source;
    private final ConnectionSettings settings;
    private final AtomicReference<@Nullable Reason> end = new AtomicReference<>();
    private volatile @Nullable Cutter cutter;
    private volatile Turn turn = Turn.HEAD;
    private volatile long sinceNanos;
    private volatile long writingSinceNanos = NOT_WRITING;
    private volatile int writingBytes;
    private final Scale scale;
    private int open;

    Connection(Source source, ConnectionSettings settings, Scale scale, long nowNanos) {
        this.source = source;
        this.settings = settings;
        this.scale = scale;
        this.sinceNanos = nowNanos;
    }

    @Override
    public Source source() {
        return source;
    }

    /** From now on the connection can be cut; if it was meanwhile, it is now. */
    void onCut(Cutter whoCuts) {
        cutter = whoCuts;
        var reason = end.get();
        if (reason != null) whoCuts.cut(reason);
    }

    /** Decides that the connection ends. True once. */
    boolean condemn(Reason reason) {
        return end.compareAndSet(null, reason);
    }

    /** Ends the connection, as was decided. */
    void cut() {
        var whoCuts = cutter;
        var reason = end.get();
        if (whoCuts != null && reason != null) whoCuts.cut(reason);
    }

    void received() {
        if (turn == Turn.IDLE) turnTo(Turn.HEAD);
    }

    void requested(boolean isWhole) {
        open++;
        turnTo(isWhole ? Turn.NODE : Turn.BODY);
    }

    @Override
    public void bodyArrived() {
        if (turn == Turn.BODY) turnTo(Turn.NODE);
    }

    void answered(boolean goesOn) {
        open--;
        if (goesOn) turnTo(Turn.STREAM);
        else if (open == 0) turnTo(Turn.IDLE);
    }

    void writing(int bytes) {
        writingBytes = bytes;
        var now = System.nanoTime();
        writingSinceNanos = now == NOT_WRITING ? 1 : now;
        if (turn == Turn.STREAM) sinceNanos = now;
        scale.add(bytes);
    }

    /** What was being written is, or will not be. */
    void written() {
        if (writingSinceNanos == NOT_WRITING) return;
        writingSinceNanos = NOT_WRITING;
        scale.add(-writingBytes);
        writingBytes = 0;
    }

    /** How many bytes of an answer wait for their reader. */
    int unreadBytes() {
        return writingBytes;
    }

    /** For how long they have waited, in nanoseconds. */
    long unreadNanos(long nowNanos) {
        var writing = writingSinceNanos;
        return writing == NOT_WRITING ? 0 : nowNanos - writing;
    }

    void lingers() {
        turnTo(Turn.LINGER);
    }

    /** Whatever reads the turn first and then the time sees a time that is no older than the turn. */
    private void turnTo(Turn next) {
        sinceNanos = System.nanoTime();
        turn = next;
    }

    /** Why this connection should end now, or null. */
    @Nullable
    Reason overdue(long nowNanos, Patience patience) {
        var current = turn;
        var waited = nowNanos - sinceNanos;
        var writing = writingSinceNanos;
        if (writing != NOT_WRITING && nowNanos - writing > answerNanos(current)) return Reason.SLOW_ANSWER;
        return switch (current) {
            case HEAD -> waited > patience.head().toNanos() ? Reason.SLOW_HEAD : null;
            case IDLE -> waited > patience.idle().toNanos() ? Reason.IDLE : null;
            case LINGER -> waited > patience.linger().toNanos() ? Reason.LINGERED : null;
            case BODY, NODE, STREAM -> waited > settings.idleTimeout().toNanos() ? Reason.IDLE : null;
        };
    }

    /** A stream has a bound of its own: its reader may rest for as long as a connection may be silent. */
    private long answerNanos(Turn current) {
        if (current == Turn.STREAM) return settings.idleTimeout().toNanos();
        return settings.answerTimeout()
                .plus(Duration.ofSeconds(writingBytes / settings.answerRateMin()))
                .toNanos();
    }

    /**
     * How long the client has let the node wait, in nanoseconds, as far as it may lose its place for it: first those that
     * owe something, then those that are merely there. Negative if the connection is to stay.
     */
    long sheddable(long nowNanos) {
        var waited = Math.max(0, nowNanos - sinceNanos);
        var writing = writingSinceNanos;
        return switch (turn) {
            case HEAD, BODY, LINGER -> Long.MAX_VALUE / 2 + waited;
            case IDLE -> writing == NOT_WRITING ? waited : Long.MAX_VALUE / 2 + Math.max(0, nowNanos - writing);
            case NODE, STREAM -> -1;
        };
    }

    /** How long connections may let the node wait. */
    record Patience(Duration head, Duration idle, Duration linger) {}
}
