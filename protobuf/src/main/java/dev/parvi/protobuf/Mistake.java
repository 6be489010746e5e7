package dev.parvi.protobuf;

import java.util.Comparator;

/**
 * Something in a {@code .proto} that the generator refuses.
 *
 * @param what is wrong, without a full stop
 * @param instead what to write instead
 */
record Mistake(Place place, String what, String instead) implements Comparable<Mistake> {
    private static final Comparator<Mistake> BY_PLACE =
            Comparator.comparing(Mistake::place).thenComparing(Mistake::what);

    @Override
    public int compareTo(Mistake other) {
        return BY_PLACE.compare(this, other);
    }

    @Override
    public String toString() {
        return place + ": " + what + "; " + instead;
    }

    /** Where something stands; the line counts from 1. */
    record Place(String file, int line) implements Comparable<Place> {
        private static final Comparator<Place> BY_FILE =
                Comparator.comparing(Place::file).thenComparing(Place::line);

        @Override
        public int compareTo(Place other) {
            return BY_FILE.compare(this, other);
        }

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }
}
