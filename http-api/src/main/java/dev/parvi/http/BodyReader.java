package dev.parvi.http;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.scaladsl.model.HttpEntity;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
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
    private final Gate gate;

    BodyReader(ActorSystem system, int bytesMax, Gate gate) {
        this.gate = gate;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.executor = system.dispatcher();
        this.bytesMax = bytesMax;
    }

    /**
     * Hands over the body once it is there: at once and without a copy, if it came with its head. Otherwise whatever
     * {@code consumer} throws is the answer.
     */
    void read(HttpRequest request, Duration timeout, PendingAnswer answer, Consumer<byte[]> consumer) {
        var entity = request.entity();
        if (entity instanceof HttpEntity.Strict strict) {
            requireAnnouncedSize(strict);
            answer.holdsBody(Body.whole(gate, strict.data().length()));
            consumer.accept(strict.data().toArrayUnsafe());
            return;
        }
        if (RequestHead.expectsContinue(request)) requireAnnouncedSize(entity);
        var body = new Body(gate, bytesMax, bytesMax + DISCARDED_BYTES_MAX);
        answer.holdsBody(body);
        read(entity, timeout, body).whenComplete((bytes, failure) -> {
            answer.client().bodyArrived();
            answer.attempt(() -> {
                if (failure instanceof Refusal refusal) throw refusal;
                consumer.accept(bytes);
            });
        });
    }

    /** Completes with the body, or fails with a {@link Refusal}: too large, too slow, or broken on the way. */
    private CompletableFuture<byte[]> read(RequestEntity entity, Duration timeout, Body into) {
        var bound = entity.getContentLengthOption().orElse(0) > bytesMax ? DISCARD_TIMEOUT : timeout;
        var read = new CompletableFuture<byte[]>();
        entity.withoutSizeLimit()
                .getDataBytes()
                .completionTimeout(bound)
                .runWith(Sink.fold(into, Body::add), materializer)
                .whenCompleteAsync(
                        (collected, failure) -> {
                            if (failure != null) read.completeExceptionally(refusal(failure));
                            else if (collected.overflowed()) read.completeExceptionally(tooLarge());
                            else read.complete(collected.toBytes());
                        },
                        executor);
        return read;
    }

    /** Throws away what is left of a body, within bounds. Always completes. */
    CompletableFuture<Boolean> discard(RequestEntity entity) {
        return read(entity, DISCARD_TIMEOUT, new Body(gate, 0, DISCARDED_BYTES_MAX))
                .handle((body, refusal) -> refusal == null);
    }

    /** Refuses a length beyond the bound; a client may announce none. */
    private void requireAnnouncedSize(RequestEntity entity) {
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

    /** What came so far of a body. Belongs to one stream, which calls it from one thread at a time. */
    static final class Body {
        private final Gate gate;
        private final long keptMax;
        private final long readMax;
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
        private long length;
        private long held;

        /** Keeps up to {@code keptMax} bytes, and beyond them none; fails beyond {@code readMax}. */
        Body(Gate gate, long keptMax, long readMax) {
            this.gate = gate;
            this.keptMax = keptMax;
            this.readMax = readMax;
        }

        /** One that came in one piece. */
        static Body whole(Gate gate, long length) {
            var body = new Body(gate, length, length);
            body.hold(length);
            return body;
        }

        Body add(ByteString chunk) {
            length += chunk.length();
            if (length > readMax)
                throw Refusal.of(ProblemKind.BODY_TOO_LARGE, "the body is far longer than " + keptMax + " bytes");
            if (overflowed()) {
                forget();
                return this;
            }
            hold(length);
            bytes.writeBytes(chunk.toArrayUnsafe());
            return this;
        }

        boolean overflowed() {
            return length > keptMax;
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }

        /** It is no longer needed. Calling it again changes nothing. */
        synchronized void forget() {
            gate.shrinkBody(held);
            held = 0;
            bytes = new ByteArrayOutputStream(0);
        }

        private synchronized void hold(long now) {
            gate.growBody(held, now);
            held = now;
        }
    }
}
