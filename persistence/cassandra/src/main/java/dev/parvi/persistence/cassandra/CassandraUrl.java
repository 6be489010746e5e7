package dev.parvi.persistence.cassandra;

import dev.parvi.persistence.UnusableStore;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code cassandra://host1:9042,host2/keyspace} says.
 *
 * @param keyspace empty if the URL names none
 */
record CassandraUrl(List<InetSocketAddress> contactPoints, String keyspace) {
    static final String SCHEME = "cassandra:";
    private static final int PORT = 9042;
    private static final Pattern SHAPE = Pattern.compile("cassandra://([^/@?#]+)(?:/(\\w*))?");
    private static final Pattern CONTACT_POINT = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

    /** Throws {@link UnusableStore} with a sentence about what is wrong; it never repeats what could be a password. */
    static CassandraUrl parse(String url) {
        return parse(url, "parvi.persistence.store");
    }

    /** The same, for a URL that people know by this name. */
    static CassandraUrl parse(String url, String name) {
        if (url.contains("@"))
            throw wrong(name, "names a user", "user and password are parvi.persistence.cassandra.user and .password");
        var shape = SHAPE.matcher(url);
        if (!shape.matches()) throw wrong(name, "is not understood", "write cassandra://<host>:<port>/<keyspace>");
        var points = new ArrayList<InetSocketAddress>();
        for (var part : shape.group(1).split(",", -1)) points.add(contactPoint(part, name));
        var keyspace = shape.group(2);
        return new CassandraUrl(List.copyOf(points), keyspace == null ? "" : keyspace);
    }

    /** The contact points for a person, resolved or not. */
    String addresses() {
        return contactPoints.stream()
                .map(point -> point.getHostString() + ":" + point.getPort())
                .collect(Collectors.joining(", "));
    }

    private static InetSocketAddress contactPoint(String part, String name) {
        var match = CONTACT_POINT.matcher(part);
        if (!match.matches()) throw wrong(name, "has the contact point \"" + part + "\"", "write <host>:<port>");
        var port = match.group(2) == null ? PORT : Integer.parseInt(match.group(2));
        if (port < 1 || port > 65_535) throw wrong(name, "has the port " + port, "ports go from 1 to 65535");
        return new InetSocketAddress(match.group(1), port);
    }

    private static UnusableStore wrong(String name, String what, String instead) {
        return new UnusableStore(name + " " + what + ": " + instead);
    }
}
