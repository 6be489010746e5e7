package dev.parvi.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.parvi.transcoding.Binding;
import dev.parvi.transcoding.PathTemplate;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls entities over HTTP. One for a program is enough, for all of its threads; the generated {@code XxxHttpClient}s are the typed
 * way to use it, and cost nothing to make. Its own threads end by themselves when there is nothing to do.
 */
public final class ParviClient implements AutoCloseable {
    private static final String PROTOBUF = "application/protobuf";
    private static final String JSON = "application/json";
    private static final int THREAD_IDLE_SECONDS = 20;

    private final ClientOptions options;
    private final Nodes nodes;
    private final Executor executor;
    private final HttpClient http;
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    private ParviClient(ClientOptions options) {
        this.options = options;
        this.nodes = new Nodes(options.nodes());
        this.executor = threads();
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(options.connectTimeout())
                .executor(executor)
                .build();
    }

    /** A client of these nodes, such as {@code http://127.0.0.1:8080}. Connects with the first call. */
    public static ParviClient connect(URI... nodes) {
        return connect(ClientOptions.of(nodes));
    }

    public static ParviClient connect(ClientOptions options) {
        return new ParviClient(options);
    }

    /**
     * A command to an entity.
     *
     * @param method in kebab-case, as in paths
     */
    public <R extends Message> Command<R> command(
            String type, String id, String method, Message request, R replyPrototype) {
        return new Command<>(call(path(type, id, method), request, replyPrototype)
                .withKey(UUID.randomUUID().toString()));
    }

    /** A query to an entity, as {@link #command}. */
    public <R extends Message> Query<R> query(
            String type, String id, String method, Message request, R replyPrototype) {
        return new Query<>(call(path(type, id, method), request, replyPrototype));
    }

    /** A command to an entity, at a path that its author has chosen. Throws an {@link IllegalArgumentException} if the request does not fit it. */
    public <R extends Message> Command<R> command(Path path, String id, Message request, R replyPrototype) {
        return new Command<>(path.call(this, id, request, replyPrototype)
                .withKey(UUID.randomUUID().toString()));
    }

    /** A query to an entity, as {@link #command(Path, String, Message, Message)}. */
    public <R extends Message> Query<R> query(Path path, String id, Message request, R replyPrototype) {
        return new Query<>(path.call(this, id, request, replyPrototype));
    }

    /** The command that deletes an entity for good, if its type allows that. Whatever is sent to it later is rejected as {@code deleted}. */
    public Command<Empty> deletion(String type, String id) {
        var path = "/" + encoded("type", type) + "/" + encoded("id", id);
        var nothing = Empty.getDefaultInstance();
        return new Command<>(new Call<>(
                        this,
                        "DELETE",
                        path,
                        null,
                        "",
                        "",
                        Call.ANY_REVISION,
                        options.timeout(),
                        answer -> nothing,
                        null)
                .withKey(UUID.randomUUID().toString()));
    }

    /** What became of the command with this idempotency key. */
    public Query<Outcome> outcome(String type, String id, String key) {
        var path = path(type, id, "commands") + "/" + encoded("key", key);
        return new Query<>(get(path, answer -> Outcome.of(Json.object(answer.body())), Outcome.NOTHING));
    }

    /**
     * The events of an entity behind a revision, and those to come. Each subscriber gets each of them once and in order; a break, and
     * the end of a node, are mended without a word. It ends with an error if that cannot be done: an event is missing, or the nodes
     * refuse to show it. It never completes: cancel it when you have seen enough.
     */
    public <E extends Message> Flow.Publisher<Event<E>> events(
            String type, String id, long afterRevision, E eventPrototype) {
        if (afterRevision < 0) throw new IllegalArgumentException("afterRevision: must be at least 0");
        var path = path(type, id, "events");
        return subscriber ->
                Following.start(this, new Position.InEntity<>(path, id, eventPrototype, afterRevision), subscriber);
    }

    /**
     * What happens to all entities of a type: every event behind the cursor at least once, those of an entity in order. Keep the
     * cursors that are not empty, to go on there.
     *
     * @param cursor of an earlier event or of {@link #changesEnd}; empty for all that ever happened
     */
    public <E extends Message> Flow.Publisher<Event<E>> changes(String type, String cursor, E eventPrototype) {
        if (cursor.equals("now"))
            throw new IllegalArgumentException("cursor: \"now\" moves while a stream connects; ask for changesEnd");
        var path = "/" + encoded("type", type) + "/events";
        return subscriber -> Following.start(this, new Position.InFeed<>(path, eventPrototype, cursor), subscriber);
    }

    /** The cursor behind all that has happened to entities of a type so far. */
    public Query<String> changesEnd(String type) {
        var path = "/" + encoded("type", type) + "/events?cursor=now&limit=1";
        return new Query<>(get(path, answer -> Json.text(Json.object(answer.body()), "next"), null));
    }

    /** Ends its streams with an error, and what is under way unanswered. */
    @Override
    public void close() {
        isClosed = true;
        open.forEach(Runnable::run);
    }

    ClientOptions options() {
        return options;
    }

    Nodes nodes() {
        return nodes;
    }

    Executor executor() {
        return executor;
    }

    /** Has this run if the client is closed before it is unregistered. */
    void register(Runnable onClose) {
        if (isClosed) throw new IllegalStateException("this client was closed");
        open.add(onClose);
    }

    void unregister(Runnable onClose) {
        open.remove(onClose);
    }

    /** Sends a request. If the future ends before the answer is there, so does the request. */
    CompletableFuture<Answer> exchange(HttpRequest request) {
        return open(request, BodyHandlers.ofByteArray());
    }

    CompletableFuture<Answer> open(HttpRequest request, HttpResponse.BodyHandler<byte[]> handler) {
        var answer = new CompletableFuture<Answer>();
        var response = http.sendAsync(request, handler);
        response.whenComplete((received, failure) -> {
            if (received != null) answer.complete(Answer.of(received));
            else answer.completeExceptionally(failure);
        });
        answer.whenComplete((received, failure) -> {
            if (failure != null) response.cancel(true);
        });
        return answer;
    }

    private <R extends Message> Call<R> call(String path, Message request, R prototype) {
        return new Call<>(
                this,
                "POST",
                path,
                request.toByteArray(),
                PROTOBUF,
                "",
                Call.ANY_REVISION,
                options.timeout(),
                answer -> parse(answer, prototype),
                null);
    }

    private <R> Call<R> get(String path, Function<Answer, R> reading, @Nullable R otherwise) {
        return new Call<>(this, "GET", path, null, JSON, "", Call.ANY_REVISION, options.timeout(), reading, otherwise);
    }

    private static <R extends Message> R parse(Answer answer, R prototype) {
        try {
            return Json.cast(prototype.getParserForType().parseFrom(answer.body()));
        } catch (InvalidProtocolBufferException malformed) {
            throw Json.foreign(
                    "it is no " + prototype.getDescriptorForType().getFullName() + ": " + malformed.getMessage());
        }
    }

    private static String path(String type, String id, String last) {
        return "/" + encoded("type", type) + "/" + encoded("id", id) + "/" + encoded("method", last);
    }

    /** Percent-encoded UTF-8. What has no UTF-8 would become a question mark, and so the name of something else. */
    static String encoded(String name, String text) {
        if (text.isEmpty()) throw new IllegalArgumentException(name + ": must not be empty");
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text))
            throw new IllegalArgumentException(name + ": holds half of a character");
        return encoded(text);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    private static Executor threads() {
        var number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    var thread = new Thread(task, "parvi-client-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * A path that an author has chosen for an rpc, in the words of {@code google.api.http}.
     *
     * @param method such as {@code PUT}
     * @param template such as {@code /v1/accounts/{id}/deposits}
     * @param body the field of the request that is the body, {@code *} for all, or empty
     * @param responseBody the field of the reply that is the answer, or empty for all
     * @param idVariable the variable of the template that is the entity's id
     */
    public record Path(String method, String template, String body, String responseBody, String idVariable) {
        private <R extends Message> Call<R> call(ParviClient parvi, String id, Message request, R prototype) {
            var field = request.getDescriptorForType().findFieldByName(body);
            var isBinary = responseBody.isEmpty() && (field == null || Binding.isMessage(field));
            return new Call<>(
                    parvi,
                    method,
                    target(id, request),
                    isBinary ? binary(request, field) : json(request, field),
                    isBinary ? PROTOBUF : JSON,
                    "",
                    Call.ANY_REVISION,
                    parvi.options.timeout(),
                    isBinary ? answer -> parse(answer, prototype) : answer -> read(answer, prototype),
                    null);
        }

        private String target(String id, Message request) {
            var parsed = PathTemplate.of(template);
            // Refuses what is no id, as for other paths.
            encoded("id", id);
            var path = parsed.fill(idVariable, id, request);
            if (body.equals(Binding.WHOLE)) return path;
            var elsewhere = new ArrayList<String>();
            parsed.variables().forEach(variable -> elsewhere.add(variable.fieldPath()));
            elsewhere.add(body);
            return path + Json.query(request, elsewhere);
        }

        private byte @Nullable [] binary(Message request, @Nullable FieldDescriptor field) {
            if (body.isEmpty()) return null;
            return field == null ? request.toByteArray() : ((Message) request.getField(field)).toByteArray();
        }

        private byte @Nullable [] json(Message request, @Nullable FieldDescriptor field) {
            if (body.isEmpty()) return null;
            var whole = Json.of(request);
            var text = field == null ? whole : whole.get(field.getJsonName());
            return text == null ? new byte[0] : text.toString().getBytes(StandardCharsets.UTF_8);
        }

        private <R extends Message> R read(Answer answer, R prototype) {
            var text = new String(answer.body(), StandardCharsets.UTF_8);
            return Json.message(
                    Json.object(responseBody.isEmpty() ? text : "{\"" + responseBody + "\":" + text + "}"),
                    prototype,
                    Json.parserOf(prototype));
        }
    }
}
