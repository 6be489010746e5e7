package dev.parvi.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Streams of one entity, and when each showed what. */
final class Audience implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Flow.Subscription> subscriptions = new ArrayList<>();
    private final ConcurrentLinkedQueue<Long> lags = new ConcurrentLinkedQueue<>();
    private final LongAdder seen = new LongAdder();
    private final AtomicLong sentNanos = new AtomicLong();
    private final LongAdder opened = new LongAdder();
    private long expected;
    private final int streams;

    private Audience(int streams) {
        this.streams = streams;
    }

    /** Opens the streams behind this revision, and returns when all are open. */
    static Audience of(String entity, long revision, int streams) {
        var audience = new Audience(streams);
        var uri = URI.create(entity + "/events?after=" + revision);
        for (var n = 0; n < streams; n++) {
            var request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
            var unused =
                    audience.http.sendAsync(request.build(), BodyHandlers.fromLineSubscriber(audience.new Listener()));
        }
        audience.awaitOpen();
        return audience;
    }

    private void awaitOpen() {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (opened.sum() < streams) {
            if (System.nanoTime() > end) throw new IllegalStateException("only " + opened.sum() + " streams are open");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A command is sent now: every stream will show one event more. */
    void expect() {
        sentNanos.set(System.nanoTime());
        expected += streams;
    }

    /** What was seen so far does not count. */
    void forget() {
        await(Duration.ofSeconds(10));
        lags.clear();
        seen.reset();
        expected = 0;
    }

    /** Until all is seen that is expected, or the time is up. */
    void await(Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        while (seen.sum() < expected && System.nanoTime() < end) LockSupport.parkNanos(100_000);
    }

    /** From the sending of a command to its event on a stream, in nanoseconds, ascending. */
    long[] lags() {
        var all = lags.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(all);
        return all;
    }

    @Override
    public void close() {
        synchronized (subscriptions) {
            subscriptions.forEach(Flow.Subscription::cancel);
        }
    }

    private final class Listener implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            synchronized (subscriptions) {
                subscriptions.add(subscription);
            }
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith("retry:")) opened.increment();
            if (!line.startsWith("id:")) return;
            lags.add(System.nanoTime() - sentNanos.get());
            seen.increment();
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
