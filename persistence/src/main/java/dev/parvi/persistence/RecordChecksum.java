package dev.parvi.persistence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/** CRC-32C over what makes a record this record: whose it is, its revision, and its bytes. A row that moved is damaged as well. */
public final class RecordChecksum {
    private RecordChecksum() {}

    /** What {@link #of} takes for the entity. */
    public static byte[] entityBytes(String entity) {
        return entity.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The hash by which a key is stored and found; files keep it, so it must never change. Callers choose their keys: a hash with
     * collisions that can be computed would let them make look-ups slow.
     */
    public static long ofKey(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** The checksum of one record; 32 bits, never negative. */
    public static long of(byte[] entity, long revision, byte[] record) {
        var crc = new CRC32C();
        crc.update(entity, 0, entity.length);
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, revision));
        crc.update(record, 0, record.length);
        return crc.getValue();
    }
}
