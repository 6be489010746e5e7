package dev.parvi.persistence.transfer;

/** Something is in the way of an export, an import or a check. The message is one sentence for the person who asked for it. */
public final class TransferFailure extends RuntimeException {
    public TransferFailure(String sentence) {
        super(sentence);
    }

    TransferFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** What happened and what to do about it, in one sentence. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
