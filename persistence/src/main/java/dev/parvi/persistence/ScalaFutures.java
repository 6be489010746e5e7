package dev.parvi.persistence;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/** Hands our futures to Scala without a thread in between. */
final class ScalaFutures {
    private ScalaFutures() {}

    static <T> Future<T> of(CompletableFuture<T> future) {
        Promise<T> promise = Promise.apply();
        var unused = future.handle(
                (value, failure) -> failure == null ? promise.success(value) : promise.failure(unwrap(failure)));
        return promise.future();
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
