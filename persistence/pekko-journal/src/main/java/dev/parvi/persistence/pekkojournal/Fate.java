package dev.parvi.persistence.pekkojournal;

/** What becomes of a stored event when its persistent actor is replayed from the first event on. */
public enum Fate {
    /** It is replayed. */
    KEPT("kept"),
    /** The replay filter drops it: an event of a newer writer came before it. */
    OLD_WRITER("discarded: a newer writer had begun before it"),
    /** The replay filter drops it: a newer writer wrote the same number, or a lower one, after it. */
    OVERTAKEN("discarded: a newer writer wrote this number too"),
    /** The replay filter drops it: its own writer had been further. */
    OUT_OF_ORDER("discarded: its writer had been further"),
    /** A replay ends with the first row of the highest number. As soon as a higher one is stored, this row is read and may win. */
    LAST_NUMBER("not read: replay ends at the first row of the last number"),
    /** A replay asks a partition only for numbers that it has not seen in the one before. */
    OTHER_PARTITION("not read: the partition before holds this number too"),
    /** The replay does not come so far: a number is missing before it, or the filter has failed. */
    NOT_REACHED("not reached: replay stops before it");

    private final String words;

    Fate(String words) {
        this.words = words;
    }

    /** For a person. */
    public String words() {
        return words;
    }
}
