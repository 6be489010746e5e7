package dev.parvi.client;

import java.util.List;

/**
 * What a node, or somebody before it, said instead of a reply.
 *
 * @param status of HTTP; 0 if nobody answered
 * @param code which never changes, such as {@code failed-precondition}; empty if it was no node of Parvi that answered
 * @param detail for people
 * @param fields which of them are at fault
 * @param isRetryable whether the same request, sent again, may succeed
 */
public record Problem(int status, String code, String detail, List<Field> fields, boolean isRetryable) {
    public Problem {
        fields = List.copyOf(fields);
    }

    /** Nobody answered, for this reason. */
    static Problem ofSilence(String reason) {
        return new Problem(0, "", reason, List.of(), true);
    }

    @Override
    public String toString() {
        var name = code.isEmpty() ? "" : code + ": ";
        return (status == 0 ? "" : status + " ") + name + detail;
    }

    /** A field, header or parameter, and what is wrong with it. */
    public record Field(String name, String message) {}
}
