package dev.parvi.http;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.scaladsl.model.RequestEntity;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * Reads bodies that did not arrive together with their head. One that is too large is read to its end, or to a second bound, and
 * thrown away: a client that is still sending does not see the answer on a connection that is cut.
 */
final class BodyReader {
    private static final long DISCARDED_BYTES_MAX = 16L << 20;
    private static final Duration DISCARD_TIMEOUT = Duration.ofSeconds(2);

    private final Materializer materializer;
    private final Executor executor;
    private final int bytesMax;

    BodyReader(ActorSystem system, int bytesMax) {
        this.materializer = SystemMaterializer.get(system).materializer();
        this.executor = system.dispatcher();
        this.bytesMax = bytesMax;
    }

    /** Completes with the body, or fails with a {@link Refusal}: too large, too slow, or broken on the way. */
    CompletableFuture<byte[]> read(RequestEntity entity, Duration timeout) {
        var bound = entity.getContentLengthOption().orElse(0) > bytesMax ? DISCARD_TIMEOUT : timeout;
        var body = new CompletableFuture<byte[]>();
        entity.withoutSizeLimit()
                .getDataBytes()
                .completionTimeout(bound)
                .runWith(Sink.fold(new Collected(bytesMax), Collected::add), materializer)
                .whenCompleteAsync(
                        (collected, failure) -> {
                            if (failure != null) body.completeExceptionally(refusal(failure));
                            else if (collected.overflowed()) body.completeExceptionally(tooLarge());
                            else body.complete(collected.toBytes());
                        },
                        executor);
        return body;
    }

    /** Throws away what is left of a body, within bounds. Always completes. */
    CompletableFuture<Boolean> discard(RequestEntity entity) {
        return read(entity, DISCARD_TIMEOUT).handle((body, refusal) -> refusal == null);
    }

    /** True if the length that the client announces is within the bound, or it announces none. */
    void requireAnnouncedSize(RequestEntity entity) {
        if (entity.getContentLengthOption().orElse(0) > bytesMax) throw tooLarge();
    }

    private Refusal tooLarge() {
        return Refusal.of(ProblemKind.BODY_TOO_LARGE, "the body is longer than " + bytesMax + " bytes");
    }

    private Refusal refusal(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refusal refusal) return refusal;
        if (cause instanceof TimeoutException)
            return Refusal.of(ProblemKind.BODY_TIMEOUT, "the body did not arrive in time");
        return Refusal.of(ProblemKind.MALFORMED_REQUEST, "the body broke off: " + cause.getMessage());
    }

    /** What came so far. Belongs to one stream, which calls it from one thread at a time. */
    private static final class Collected {
        private final int bytesMax;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long length;

        Collected(int bytesMax) {
            this.bytesMax = bytesMax;
        }

        Collected add(ByteString chunk) {
            length += chunk.length();
            if (length > DISCARDED_BYTES_MAX + bytesMax)
                throw Refusal.of(ProblemKind.BODY_TOO_LARGE, "the body is far longer than " + bytesMax + " bytes");
            if (!overflowed()) bytes.writeBytes(chunk.toArrayUnsafe());
            return this;
        }

        boolean overflowed() {
            return length > bytesMax;
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }
}
