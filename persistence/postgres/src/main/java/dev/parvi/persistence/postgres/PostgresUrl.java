package dev.parvi.persistence.postgres;

import dev.parvi.persistence.UnusableStore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the database is. An empty user or {@code sslmode} is not given. */
record PostgresUrl(String user, String host, int port, String database, String sslmode) {
    static final String SCHEME = "postgres:";

    private static final int PORT = 5432;
    private static final Pattern SHAPE = Pattern.compile(
            "postgres://(?:(?<user>[^@/:?]+)(?<password>:[^@]*)?@)?(?<host>\\[[0-9a-fA-F:.]+]|[^@/:?\\[\\]]+)"
                    + "(?::(?<port>\\d{1,5}))?/(?<database>[^/?]+)(?:\\?sslmode=(?<sslmode>[a-z-]+))?");

    static PostgresUrl parse(String url) {
        // Before anything else, and without repeating it: a password does not belong into a log.
        if (url.matches("[^@]*//[^@/]*:.*@.*") || url.contains("password"))
            throw new UnusableStore(
                    "parvi.persistence.store holds a password: give it as"
                            + " PARVI_PERSISTENCE_POSTGRES_PASSWORD, or in the file that parvi.persistence.postgres.password-file names");
        var matcher = SHAPE.matcher(url);
        if (!matcher.matches())
            throw new UnusableStore("parvi.persistence.store is \"" + url
                    + "\": write postgres://[user@]host[:port]/database[?sslmode=...]");
        var port = matcher.group("port") == null ? PORT : Integer.parseInt(matcher.group("port"));
        if (port < 1 || port > 65_535)
            throw new UnusableStore("parvi.persistence.store is \"" + url + "\": there is no port " + port);
        return new PostgresUrl(
                orEmpty(matcher.group("user")),
                matcher.group("host"),
                port,
                matcher.group("database"),
                orEmpty(matcher.group("sslmode")));
    }

    /** How people know it. */
    @Override
    public String toString() {
        return "postgres://" + host + ":" + port + "/" + database;
    }

    private static String orEmpty(@Nullable String group) {
        return group == null ? "" : group;
    }
}
