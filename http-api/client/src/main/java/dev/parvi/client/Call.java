package dev.parvi.client;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request before it is sent.
 *
 * @param method such as {@code POST}
 * @param path with the query
 * @param body none if there is none
 * @param mediaType of the body and of the reply; empty if there is neither
 * @param key empty for a query
 * @param revision that the entity must have, or {@link #ANY_REVISION}
 * @param reading makes the value of a successful answer
 * @param otherwise the value if the node says that nothing is stored with a key; none if that is a failure
 */
record Call<R>(
        ParviClient parvi,
        String method,
        String path,
        byte @Nullable [] body,
        String mediaType,
        String key,
        long revision,
        Duration timeout,
        Function<Answer, R> reading,
        @Nullable R otherwise) {
    static final long ANY_REVISION = -1;

    private static final int KEY_LENGTH_MAX = 256;

    Call<R> withKey(String other) {
        if (other.isBlank() || other.length() > KEY_LENGTH_MAX || !other.chars().allMatch(c -> c >= ' ' && c <= '~'))
            throw new IllegalArgumentException("key: must have 1 to 256 printable ASCII characters");
        return new Call<>(parvi, method, path, body, mediaType, other, revision, timeout, reading, otherwise);
    }

    Call<R> ifRevision(long other) {
        if (other < 0) throw new IllegalArgumentException("revision: must be at least 0");
        return new Call<>(parvi, method, path, body, mediaType, key, other, timeout, reading, otherwise);
    }

    Call<R> within(Duration other) {
        ClientOptions.requirePositive("timeout", other);
        return new Call<>(parvi, method, path, body, mediaType, key, revision, other, reading, otherwise);
    }

    boolean isQuery() {
        return key.isEmpty();
    }

    CompletableFuture<Reply<R>> sendAsync() {
        return new RetryingCall<>(this).start();
    }

    Reply<R> send() {
        var reply = sendAsync();
        try {
            return reply.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ParviException failure) {
                // The trace of the thread that found it out helps nobody.
                failure.setStackTrace(new Throwable().getStackTrace());
                throw failure;
            }
            throw new IllegalStateException(this + " failed", failed.getCause());
        } catch (InterruptedException interrupted) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            var problem = Problem.ofSilence("the thread was interrupted");
            throw isQuery()
                    ? new NotServingException(this + ": " + problem, problem, key)
                    : new OutcomeUnknownException(this + ": " + problem, problem, key);
        } catch (CancellationException closed) {
            throw new IllegalStateException(this + " was cancelled", closed);
        }
    }

    /** One attempt at one node. */
    HttpRequest request(int node, Duration attempt) {
        var request = HttpRequest.newBuilder(parvi.nodes().resolve(node, path))
                .setHeader("Request-Timeout", seconds(Backoff.atNode(attempt)));
        if (!mediaType.isEmpty()) request.setHeader("Accept", mediaType);
        if (body == null) request.method(method, HttpRequest.BodyPublishers.noBody());
        else
            request.method(method, HttpRequest.BodyPublishers.ofByteArray(body)).setHeader("Content-Type", mediaType);
        if (!key.isEmpty()) request.setHeader("Idempotency-Key", key);
        if (revision != ANY_REVISION) request.setHeader("If-Match", "\"" + revision + "\"");
        parvi.options().headers().forEach(request::setHeader);
        return request.build();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", Math.max(1, time.toMillis()) / 1000.0);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
