package dev.parvi.runtime.command;

import static org.awaitility.Awaitility.await;

import dev.parvi.runtime.ChildJvm;
import dev.parvi.runtime.MemberDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A node somewhere on this machine, by its two addresses. */
record RunningNode(String http, String management) {
    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Pattern HTTP = Pattern.compile("\"http\":\"([^\"]+)\"");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    static ChildJvm start(Path folder, String... more) {
        var arguments = new ArrayList<>(List.of(
                "run",
                "--port",
                "0",
                "--management-port",
                "0",
                "--data",
                folder.resolve("data").toString()));
        arguments.addAll(List.of("--set", "parvi.node.overlay=test"));
        arguments.addAll(List.of(more));
        return ChildJvm.start(folder, Parvi.class, arguments.toArray(String[]::new));
    }

    /** Waits until the process serves. */
    static RunningNode awaitReady(Path folder, ChildJvm child) {
        return await().atMost(START_MAX)
                .failFast(child::requireAlive)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> find(folder, child), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<RunningNode> find(Path folder, ChildJvm child) {
        return MemberDirectory.in(folder.resolve("data")).live().stream()
                .filter(member -> member.pid() == child.pid())
                .map(member -> "http://" + member.contactPoint())
                .findFirst()
                .flatMap(management -> {
                    var ready = ask("GET", management + "/ready", "");
                    var http = HTTP.matcher(ready.body());
                    return ready.statusCode() == 200 && http.find()
                            ? Optional.of(new RunningNode(http.group(1), management))
                            : Optional.empty();
                });
    }

    String add(String id, int amount) {
        return ask("POST", http + "/counter/" + id + "/add", "{\"amount\": " + amount + "}")
                .body();
    }

    HttpResponse<String> add(String id, int amount, String key) {
        return ask("POST", http + "/counter/" + id + "/add", "{\"amount\": " + amount + "}", "Idempotency-Key", key);
    }

    HttpResponse<String> ask(String path) {
        return ask("GET", http + path, "");
    }

    String get(String id) {
        return ask("GET", http + "/counter/" + id, "").body();
    }

    long members() {
        return status().split("\"state\":\"Up\"", -1).length - 1L;
    }

    String status() {
        return ask("GET", management + "/status", "").body();
    }

    HttpResponse<String> management(String method, String path) {
        return ask(method, management + path, "");
    }

    static HttpResponse<String> ask(String method, String url, String body, String... headers) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(30))
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
            if (headers.length > 0) request.headers(headers);
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
