package dev.parvi.evidence;

/**
 * What became of one request.
 *
 * @param key the entity it went to
 * @param status of HTTP, or 0 if the connection failed or nothing came
 */
record Answer(int key, long sentNanos, long doneNanos, int status, String text) {
    boolean isGood() {
        return status == 200;
    }

    long waitedNanos() {
        return doneNanos - sentNanos;
    }
}
