package dev.parvi.http;

/** A value that its field cannot hold. The caller knows which field that is. */
final class BadValue extends RuntimeException {
    BadValue(String message) {
        super(message, null, false, false);
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
