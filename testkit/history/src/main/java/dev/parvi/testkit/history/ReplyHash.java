package dev.parvi.testkit.history;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A reply in eight bytes, of which it is told from others: the first of its SHA-256. */
final class ReplyHash {
    /** Of a reply that nobody knows: it is like any. */
    static final long UNKNOWN = 0;

    private ReplyHash() {}

    static long of(ByteString reply) {
        try {
            var hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(reply.toByteArray()))
                    .getLong();
            return hash == UNKNOWN ? 1 : hash;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Whether one reply can be the other. */
    static boolean agree(long first, long second) {
        return first == second || first == UNKNOWN || second == UNKNOWN;
    }

    static String text(long hash) {
        return hash == UNKNOWN ? "unknown" : Long.toHexString(hash);
    }
}
