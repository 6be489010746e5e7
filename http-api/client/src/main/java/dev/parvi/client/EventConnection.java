package dev.parvi.client;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a stream. It takes bytes from the socket only when told to: what nobody has asked for stays in the network, and in
 * the node.
 */
final class EventConnection implements BodySubscriber<byte[]> {
    private static final int OK = 200;

    private final Lane lane;
    private final Consumer<List<ByteBuffer>> onBytes;
    private final CompletableFuture<Answer> answer;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private Flow.@Nullable Subscription body;
    private boolean isWanted;
    private boolean isAsked;
    private boolean isClosed;
    private volatile boolean hasBegun;

    /** Everything here happens in the lane, and {@code onBytes} too. */
    EventConnection(ParviClient parvi, HttpRequest request, Lane lane, Consumer<List<ByteBuffer>> onBytes) {
        this.lane = lane;
        this.onBytes = onBytes;
        this.answer = parvi.open(request, this::subscriber);
        answer.whenComplete((received, failure) -> {
            if (failure != null) end.completeExceptionally(failure);
            else if (!isStream(received)) end.complete(null);
        });
    }

    /** The answer's status and headers; its body only if it is no stream. */
    CompletableFuture<Answer> answer() {
        return answer;
    }

    /** When there is no more to come, or the connection has failed. */
    CompletableFuture<@Nullable Void> end() {
        return end;
    }

    /** Whether a stream is being read. Its end may be noticed before its answer is. */
    boolean hasBegun() {
        return hasBegun;
    }

    private static boolean isStream(Answer answer) {
        return answer.status() == OK && answer.is("text/event-stream");
    }

    /** Takes some more bytes, once. */
    void read() {
        isWanted = true;
        ask();
    }

    void close() {
        isClosed = true;
        answer.cancel(true);
        if (body != null) body.cancel();
    }

    private BodySubscriber<byte[]> subscriber(HttpResponse.ResponseInfo info) {
        if (!isStream(new Answer(info.statusCode(), info.headers(), new byte[0]))) return BodySubscribers.ofByteArray();
        hasBegun = true;
        return this;
    }

    private void ask() {
        if (body == null || !isWanted || isAsked) return;
        isAsked = true;
        isWanted = false;
        body.request(1);
    }

    /** The answer is there with its head. */
    @Override
    public CompletionStage<byte[]> getBody() {
        return CompletableFuture.completedFuture(new byte[0]);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        lane.run(() -> {
            body = subscription;
            if (isClosed) subscription.cancel();
            else ask();
        });
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        lane.run(() -> {
            isAsked = false;
            onBytes.accept(bytes);
            ask();
        });
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
