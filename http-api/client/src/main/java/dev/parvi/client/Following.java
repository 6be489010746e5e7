package dev.parvi.client;

import static java.util.Objects.requireNonNull;

import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's way through a stream. It reads from the socket only while there is demand and nothing is ready, so it holds what
 * one read brought and no more. Everything happens in its lane; only {@link #cancel} is noticed at once.
 */
final class Following<E> implements Flow.Subscription {
    private final ParviClient parvi;
    private final Position<E> position;
    private final Lane lane;
    private final Tour tour;
    private final ArrayDeque<Event<E>> ready = new ArrayDeque<>();
    private final Runnable onClose =
            () -> endWith(new ParviException("the client was closed", Problem.ofSilence("the client was closed"), ""));
    private volatile boolean isCancelled;

    private Flow.@Nullable Subscriber<? super Event<E>> subscriber;
    private long demand;
    private @Nullable EventConnection connection;
    private SseParser parser;
    private int failures;
    private boolean isPausing;
    private boolean isReceiving;
    private @Nullable RuntimeException failure;
    private CompletableFuture<@Nullable Void> silence = new CompletableFuture<>();

    private Following(ParviClient parvi, Position<E> position, Flow.Subscriber<? super Event<E>> subscriber) {
        this.parvi = parvi;
        this.position = position;
        this.subscriber = subscriber;
        this.lane = new Lane(parvi.executor());
        this.tour = new Tour(parvi.nodes());
        this.parser = new SseParser(frame -> {});
    }

    static <E> void start(ParviClient parvi, Position<E> position, Flow.Subscriber<? super Event<E>> subscriber) {
        var following = new Following<>(parvi, position, requireNonNull(subscriber, "subscriber"));
        following.lane.run(following::begin);
    }

    @Override
    public void request(long n) {
        lane.run(() -> {
            if (n <= 0) failNow(new IllegalArgumentException("request(" + n + "): must be above zero"));
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + Math.max(0, n);
            pump();
        });
    }

    @Override
    public void cancel() {
        isCancelled = true;
        lane.run(this::end);
    }

    private void begin() {
        try {
            parvi.register(onClose);
        } catch (IllegalStateException closed) {
            failure = closed;
        }
        signal(to -> to.onSubscribe(this));
        // Whether there is anything to see is told before somebody asks for it.
        if (failure == null && !isOver()) tryToConnect();
        pump();
    }

    private void pump() {
        while (demand > 0 && !isOver() && !ready.isEmpty()) {
            if (demand != Long.MAX_VALUE) demand--;
            var event = ready.remove();
            signal(to -> to.onNext(event));
        }
        if (isOver() || !ready.isEmpty()) return;
        if (failure != null) failNow(failure);
        else if (demand > 0) goOn();
    }

    private void goOn() {
        if (connection == null && !isPausing) tryToConnect();
        if (connection != null) read(connection);
    }

    /** A header or an address that no request can have is found here at the latest. */
    private void tryToConnect() {
        try {
            connect();
        } catch (IllegalArgumentException impossible) {
            failNow(impossible);
        }
    }

    private void read(EventConnection from) {
        if (isReceiving) return;
        isReceiving = true;
        from.read();
        var source = parser;
        silence = after(parvi.options().silenceMax(), () -> {
            if (source == parser && isReceiving) lose(from, Duration.ZERO);
        });
    }

    private void connect() {
        var request = HttpRequest.newBuilder(parvi.nodes().resolve(tour.current(), position.path()))
                .setHeader("Accept", "text/event-stream");
        parvi.options().headers().forEach(request::setHeader);
        position.addTo(request);
        var source = new SseParser(frame -> ready.add(position.read(frame)));
        parser = source;
        var opened = new EventConnection(parvi, request.build(), lane, bytes -> onBytes(source, bytes));
        connection = opened;
        opened.end()
                .whenComplete((done, broken) -> lane.run(() -> {
                    if (source == parser && !isOver()) onEnd(opened);
                }));
        read(opened);
    }

    private void onBytes(SseParser source, List<ByteBuffer> bytes) {
        if (source != parser || isOver() || failure != null) return;
        isReceiving = false;
        silence.cancel(false);
        failures = 0;
        try {
            bytes.forEach(source::feed);
        } catch (RuntimeException unreadable) {
            failure = unreadable;
            disconnect();
        }
        pump();
    }

    private void onEnd(EventConnection from) {
        var answer =
                from.answer().isCompletedExceptionally() ? null : from.answer().getNow(null);
        if (answer == null || from.hasBegun()) {
            lose(from, Duration.ZERO);
            return;
        }
        switch (Verdict.of(answer, "text/event-stream")) {
            case AGAIN, AGAIN_UNKNOWN -> lose(from, answer.retryAfter());
            default -> {
                failure =
                        new RejectedException("GET " + position.path() + ": " + answer.problem(), answer.problem(), "");
                disconnect();
                pump();
            }
        }
    }

    /** A stream that has begun says itself when to come back; where none began, the next node may be asked at once. */
    private void lose(EventConnection from, Duration asked) {
        var hadBegun = from.hasBegun();
        var retry = parser.retry();
        disconnect();
        var random = ThreadLocalRandom.current().nextDouble();
        var now = System.nanoTime();
        if (!hadBegun) parvi.nodes().avoid(tour.current());
        tour.leave(Backoff.max(Backoff.atLeast(asked, random), Backoff.pause(failures++, random)), now);
        var wait = tour.pause(now);
        isPausing = true;
        after(hadBegun ? Backoff.max(wait, Backoff.atLeast(retry, random)) : wait, () -> {
            isPausing = false;
            pump();
        });
    }

    private void disconnect() {
        silence.cancel(false);
        isReceiving = false;
        parser = new SseParser(frame -> {});
        if (connection != null) connection.close();
        connection = null;
    }

    private CompletableFuture<@Nullable Void> after(Duration time, Runnable task) {
        var timer = new CompletableFuture<@Nullable Void>();
        timer.thenRun(() -> lane.run(task));
        return timer.completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void endWith(RuntimeException reason) {
        lane.run(() -> failNow(reason));
    }

    private void failNow(RuntimeException reason) {
        if (isOver()) return;
        signal(to -> to.onError(reason));
        end();
    }

    private boolean isOver() {
        return isCancelled || subscriber == null;
    }

    /** A subscriber that throws is cancelled: it has broken the rules, and cannot be told anything any more. The thread is told. */
    private void signal(Consumer<Flow.Subscriber<? super Event<E>>> signal) {
        if (subscriber == null) return;
        try {
            signal.accept(subscriber);
        } catch (RuntimeException | Error thrown) {
            end();
            throw thrown;
        }
    }

    private void end() {
        isCancelled = true;
        subscriber = null;
        ready.clear();
        disconnect();
        parvi.unregister(onClose);
    }
}
