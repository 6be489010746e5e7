package dev.parvi.transcoding;

/**
 * One segment of a template.
 *
 * @param literal decoded; empty if it is a wildcard
 */
record Segment(Kind kind, String literal) {
    static final Segment ANY = new Segment(Kind.ANY, "");
    static final Segment REST = new Segment(Kind.REST, "");

    static Segment of(String literal) {
        return new Segment(Kind.LITERAL, literal);
    }

    boolean isRest() {
        return kind == Kind.REST;
    }

    boolean isLiteral() {
        return kind == Kind.LITERAL;
    }

    /** As a template writes it. */
    @Override
    public String toString() {
        return switch (kind) {
            case LITERAL -> Percent.encode(literal);
            case ANY -> "*";
            case REST -> "**";
        };
    }

    enum Kind {
        /** This very text. */
        LITERAL,
        /** Any one segment. */
        ANY,
        /** All that follows, which may be nothing. */
        REST
    }
}
