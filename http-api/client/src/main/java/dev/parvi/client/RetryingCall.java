package dev.parvi.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends one call, again and again if need be, until its outcome is definite or its time is over. Every attempt has the same key.
 * One attempt is under way at a time; what an attempt leaves unknown stays unknown until another one is completed.
 */
final class RetryingCall<R> {
    private final Call<R> call;
    private final ParviClient parvi;
    private final Tour tour;
    private final long startNanos = System.nanoTime();
    private final CompletableFuture<Reply<R>> result = new CompletableFuture<>();

    private int attempts;
    private boolean isUnknown;
    private Problem latest = Problem.ofSilence("no attempt was made");
    private @Nullable Future<?> underWay;

    RetryingCall(Call<R> call) {
        this.call = call;
        this.parvi = call.parvi();
        this.tour = new Tour(parvi.nodes());
    }

    CompletableFuture<Reply<R>> start() {
        Runnable onClose = this::close;
        parvi.register(onClose);
        result.whenComplete((reply, failure) -> {
            parvi.unregister(onClose);
            cancel();
        });
        attempt();
        return result;
    }

    /** A pause can end late: nothing is begun after the end. */
    private synchronized void attempt() {
        if (result.isDone()) return;
        var left = left();
        if (left.isNegative() || left.isZero()) {
            giveUp();
            return;
        }
        attempts++;
        var time = Backoff.attempt(left);
        var answer = parvi.exchange(call.request(tour.current(), time));
        answer.orTimeout(time.toNanos(), TimeUnit.NANOSECONDS).whenCompleteAsync(this::onEnd, parvi.executor());
        underWay = answer;
    }

    private synchronized void onEnd(@Nullable Answer answer, @Nullable Throwable failure) {
        if (result.isDone()) return;
        try {
            if (answer != null) onAnswer(answer);
            else onFailure(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
        } catch (RuntimeException unexpected) {
            fail(unexpected);
        }
    }

    private void onAnswer(Answer answer) {
        var verdict = Verdict.of(answer, call.mediaType());
        if (verdict != Verdict.COMPLETED) latest = answer.problem();
        switch (verdict) {
            case COMPLETED ->
                complete(new Reply<>(call.reading().apply(answer), answer.revision(), call.key(), answer.isReplayed()));
            case REFUSED -> onRefusal(answer);
            case BROKEN -> {
                isUnknown = true;
                giveUp();
            }
            case AGAIN -> again(answer.retryAfter());
            case AGAIN_UNKNOWN -> {
                isUnknown = true;
                again(answer.retryAfter());
            }
        }
    }

    /**
     * A refusal stores nothing and leaves no trace, so an earlier attempt that is still on its way could be carried out after it. That
     * a key is another command's is told by what is stored.
     */
    private void onRefusal(Answer answer) {
        var otherwise = call.otherwise();
        if (otherwise != null && latest.code().equals("unknown-key"))
            complete(new Reply<>(otherwise, answer.revision(), "", false));
        else if (isUnknown && !call.isQuery() && !latest.code().equals("key-reused")) giveUp();
        else fail(new RejectedException(words(), latest, call.key()));
    }

    private void onFailure(@Nullable Throwable failure) {
        if (failure instanceof CancellationException) return;
        latest = Problem.ofSilence(words(failure));
        var wasSent = !(failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException);
        isUnknown |= wasSent;
        if (wasSent && !(failure instanceof IOException || failure instanceof TimeoutException))
            throw new IllegalStateException(call + " failed: " + failure, failure);
        parvi.nodes().avoid(tour.current());
        again(Duration.ZERO);
    }

    private void again(Duration asked) {
        var random = ThreadLocalRandom.current().nextDouble();
        var pause = Backoff.max(Backoff.atLeast(asked, random), Backoff.pause(attempts - 1, random));
        var now = System.nanoTime();
        tour.leave(pause, now);
        var wait = tour.pause(now);
        if (wait.compareTo(left()) >= 0) {
            giveUp();
            return;
        }
        var end = new CompletableFuture<@Nullable Void>();
        end.completeOnTimeout(null, wait.toNanos(), TimeUnit.NANOSECONDS).thenRunAsync(this::attempt, parvi.executor());
        underWay = end;
    }

    private void giveUp() {
        fail(
                isUnknown && !call.isQuery()
                        ? new OutcomeUnknownException(
                                words() + "; it may have been carried out, send it again with the key " + call.key(),
                                latest,
                                call.key())
                        : new NotServingException(words() + "; nothing was stored", latest, call.key()));
    }

    private synchronized void close() {
        latest = Problem.ofSilence("the client was closed");
        isUnknown |= attempts > 0;
        giveUp();
    }

    /** What the caller does then is no part of this call. */
    private void complete(Reply<R> reply) {
        parvi.executor().execute(() -> result.complete(reply));
    }

    private void fail(RuntimeException failure) {
        parvi.executor().execute(() -> result.completeExceptionally(failure));
    }

    private Duration left() {
        return call.timeout().minusNanos(System.nanoTime() - startNanos);
    }

    private String words() {
        return call + ": " + latest + " (" + attempts + (attempts == 1 ? " attempt)" : " attempts)");
    }

    private static String words(@Nullable Throwable failure) {
        if (failure instanceof TimeoutException) return "no answer in time";
        var message = failure == null ? null : failure.getMessage();
        return message == null ? "no connection" : message;
    }

    private synchronized void cancel() {
        if (underWay != null) underWay.cancel(true);
    }
}
