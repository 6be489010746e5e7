package dev.parvi.persistence.postgres;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.TckConfig;
import java.util.concurrent.atomic.AtomicInteger;

/** Pekko's plugins on a PostgreSQL store. */
final class PostgresTck {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private PostgresTck() {}

    /** Its runner knows no skipped tests: where PostgreSQL is not installed, the specification looks at the store in memory. */
    static Config fresh() {
        if (PostgresServer.isMissing()) return TckConfig.on("memory:");
        return ConfigFactory.parseString("""
                parvi.persistence {
                  auto-migrate = on
                  postgres { password = %s, schema = tck%d }
                }
                """.formatted(PostgresServer.PASSWORD, SCHEMAS.incrementAndGet()))
                .withFallback(TckConfig.on(PostgresServer.shared().url()));
    }
}
