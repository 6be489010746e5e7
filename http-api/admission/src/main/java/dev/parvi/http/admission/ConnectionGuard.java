package dev.parvi.http.admission;

import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Stands between a socket and HTTP, tells the {@link Connection} what passes, and ends it when told to. When HTTP has said its last
 * word, only the sending half is closed, and what the client still sends is read and thrown away until it closes too: a
 * client that is sending would otherwise lose an answer such as 413 to a reset.
 */
final class ConnectionGuard extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    private static final long DISCARDED_BYTES_MAX = 256L << 20;

    private final Inlet<ByteString> answers = Inlet.create("ConnectionGuard.answers");
    private final Outlet<ByteString> toClient = Outlet.create("ConnectionGuard.toClient");
    private final Inlet<ByteString> fromClient = Inlet.create("ConnectionGuard.fromClient");
    private final Outlet<ByteString> requests = Outlet.create("ConnectionGuard.requests");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            new BidiShape<>(answers, toClient, fromClient, requests);
    private final Connection connection;
    private final Runnable onEnd;

    ConnectionGuard(Connection connection, Runnable onEnd) {
        this.connection = connection;
        this.onEnd = onEnd;
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private boolean hasSaidAll;
        private boolean isReadingDue;
        private long discardedBytes;

        Logic() {
            super(shape);
            setHandler(answers, new Answers());
            setHandler(toClient, new ToClient());
            setHandler(fromClient, new FromClient());
            setHandler(requests, new Requests());
        }

        @Override
        public void preStart() {
            var cut = this.<Reason>createAsyncCallback(this::cut);
            connection.onCut(cut::invoke);
        }

        @Override
        public void postStop() {
            connection.written();
            onEnd.run();
        }

        private void cut(Reason reason) {
            if (reason.isOrderly()) completeStage();
            else failStage(new TimeoutException("the connection was cut: " + reason.word()));
        }

        private void sayNoMore() {
            hasSaidAll = true;
            complete(toClient);
            connection.lingers();
            if (isClosed(requests)) discard();
        }

        private void read() {
            isReadingDue = false;
            if (!isClosed(fromClient) && !hasBeenPulled(fromClient)) pull(fromClient);
        }

        private void discard() {
            if (isClosed(fromClient)) return;
            if (isAvailable(fromClient)) discardedBytes += grab(fromClient).length();
            if (discardedBytes > DISCARDED_BYTES_MAX) cut(Reason.LINGERED);
            else if (!hasBeenPulled(fromClient)) pull(fromClient);
        }

        private final class Answers extends AbstractInHandler {
            @Override
            public void onPush() {
                var bytes = grab(answers);
                connection.writing(bytes.length());
                push(toClient, bytes);
            }

            /** What was said last may still be on its way. */
            @Override
            public void onUpstreamFinish() {
                if (isAvailable(toClient)) sayNoMore();
            }
        }

        private final class ToClient extends AbstractOutHandler {
            @Override
            public void onPull() {
                connection.written();
                if (isReadingDue) read();
                if (!isClosed(answers)) pull(answers);
                else if (!hasSaidAll) sayNoMore();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                cancel(answers, cause);
            }
        }

        private final class FromClient extends AbstractInHandler {
            @Override
            public void onPush() {
                if (isClosed(requests)) {
                    discard();
                    return;
                }
                connection.received();
                push(requests, grab(fromClient));
            }

            @Override
            public void onUpstreamFinish() {
                complete(requests);
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
                if (isClosed(requests)) completeStage();
                else fail(requests, failure);
            }
        }

        private final class Requests extends AbstractOutHandler {
            /** Whoever does not read its answer is not asked for the next request: at most one answer waits for each. */
            @Override
            public void onPull() {
                if (isAvailable(toClient) || isClosed(toClient)) read();
                else isReadingDue = true;
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                if (hasSaidAll) discard();
            }
        }
    }
}
