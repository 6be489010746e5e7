package dev.parvi.persistence.postgres;

import dev.parvi.persistence.FeedThroughput;

/** Measures by hand how fast one reader follows the feed of a server of the tests' own. */
final class PostgresFeedThroughput {
    private PostgresFeedThroughput() {}

    public static void main(String[] arguments) {
        try (var store = PostgresServer.shared().openFresh()) {
            FeedThroughput.measure(store);
        }
    }
}
