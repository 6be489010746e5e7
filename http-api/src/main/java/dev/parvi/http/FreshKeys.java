package dev.parvi.http;

import dev.parvi.entity.EntityCommand;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes idempotency keys for clients that send none: 64 random bits of this process, and a counter scrambled by a one-to-one
 * function. Two of one process are never equal; two of different processes meet as rarely as 64 random bits.
 */
final class FreshKeys {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final long process;
    private final AtomicLong counter;

    FreshKeys() {
        var random = new SecureRandom();
        this.process = random.nextLong();
        this.counter = new AtomicLong(random.nextLong());
    }

    /** 23 characters. */
    String next() {
        var bytes = ByteBuffer.allocate(16).putLong(process).putLong(scrambled(counter.getAndIncrement()));
        return EntityCommand.MADE_KEY_PREFIX + ENCODER.encodeToString(bytes.array());
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014), a bijection. */
    private static long scrambled(long value) {
        var a = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        var b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
