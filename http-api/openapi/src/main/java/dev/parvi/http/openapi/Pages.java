package dev.parvi.http.openapi;

import dev.parvi.entity.EntityType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What a node shows beside its entities: {@code /openapi.json}, and the explorer at {@code /docs} with all that it loads. Each
 * page is made when it is first asked for, and kept: a node that nobody looks at spends no time and memory on them.
 */
public final class Pages {
    private static final String HTML = "text/html; charset=UTF-8";
    private static final String SCRIPT = "text/javascript; charset=UTF-8";
    private static final String STYLE = "text/css; charset=UTF-8";
    private static final String EXPLORER = "/META-INF/resources/webjars/swagger-ui/";
    private static final String EXPLORER_FACTS = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private final Map<String, Supplier<Page>> sources = new HashMap<>();
    private final Map<String, Page> made = new ConcurrentHashMap<>();

    private Pages(Supplier<Page> document) {
        sources.put("/openapi.json", document);
        sources.put("/docs", () -> new Page(HTML, resource("docs.html")));
        sources.put("/docs/start.js", () -> new Page(SCRIPT, resource("docs.js")));
        sources.put("/docs/swagger-ui.css", () -> explorer(STYLE, "swagger-ui.css"));
        sources.put("/docs/swagger-ui-bundle.js", () -> explorer(SCRIPT, "swagger-ui-bundle.js"));
        sources.put("/docs/favicon.png", () -> explorer("image/png", "favicon-32x32.png"));
    }

    /** The pages about these types. */
    public static Pages of(List<EntityType<?, ?>> types, HttpContract contract) {
        return new Pages(() -> new Page("application/json", OpenApi.document(types, contract)));
    }

    /** The page at this path, which starts with a slash. */
    public Optional<Page> find(String path) {
        return Optional.ofNullable(sources.get(path)).map(source -> made.computeIfAbsent(path, p -> source.get()));
    }

    /** The folder's name is the version, which the webjar tells. */
    private static Page explorer(String mediaType, String file) {
        var facts = new Properties();
        try (var input = Pages.class.getResourceAsStream(EXPLORER_FACTS)) {
            if (input != null) facts.load(input);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the class path cannot be read", unreadable);
        }
        return new Page(mediaType, resource(EXPLORER + facts.getProperty("version") + "/" + file));
    }

    private static byte[] resource(String name) {
        try (var input = Pages.class.getResourceAsStream(name)) {
            if (input == null) throw new IllegalStateException(name + " is not on the class path");
            return input.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the class path cannot be read", unreadable);
        }
    }
}
