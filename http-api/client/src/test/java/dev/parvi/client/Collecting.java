package dev.parvi.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A subscriber that keeps what it gets, and asks for as much as it was told to at first. */
final class Collecting<T> implements Flow.Subscriber<T> {
    private final long demand;
    private final List<T> items = new ArrayList<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    Collecting(long demand) {
        this.demand = demand;
    }

    synchronized List<T> items() {
        return List.copyOf(items);
    }

    synchronized int size() {
        return items.size();
    }

    /** What it ended with, when it does. */
    CompletableFuture<Throwable> failure() {
        return failure;
    }

    Flow.Subscription subscription() {
        return subscription.join();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
        if (demand > 0) given.request(demand);
    }

    @Override
    public synchronized void onNext(T item) {
        items.add(item);
    }

    @Override
    public void onError(Throwable thrown) {
        failure.complete(thrown);
    }

    @Override
    public void onComplete() {
        failure.completeExceptionally(new AssertionError("a stream never completes"));
    }
}
