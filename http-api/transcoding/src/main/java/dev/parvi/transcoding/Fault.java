package dev.parvi.transcoding;

/**
 * A mistake in an annotation.
 *
 * @param what is wrong, without a full stop
 * @param instead what to write instead
 */
public record Fault(String what, String instead) {
    @Override
    public String toString() {
        return what + "; " + instead;
    }
}
