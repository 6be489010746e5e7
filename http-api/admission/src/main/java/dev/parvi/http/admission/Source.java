package dev.parvi.http.admission;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/** Where a client is, as far as bounds go: an IPv4 address, or the 64 bits of an IPv6 address that one customer is given. */
public record Source(long bits, boolean isNetwork) {
    private static final int NETWORK_BYTES = 8;

    /** The part of an address that counts. */
    public static Source of(InetAddress address) {
        var bytes = address.getAddress();
        if (!(address instanceof Inet6Address)) return new Source(number(bytes), false);
        return new Source(number(Arrays.copyOf(bytes, NETWORK_BYTES)), true);
    }

    private static long number(byte[] bytes) {
        var number = 0L;
        for (var octet : bytes) number = number << Byte.SIZE | octet & 0xff;
        return number;
    }
}
