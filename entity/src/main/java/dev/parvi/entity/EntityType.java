package dev.parvi.entity;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.parvi.protobuf.OptionsProto;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code .proto} says of an entity: its name, its messages and its methods. Generated classes make one; it holds no code
 * of the author's.
 *
 * @param <S> the state message
 * @param <E> the event message, with one {@code oneof} of everything that can happen
 */
public final class EntityType<S extends Message, E extends Message> {
    /** The name of the method that deletes; no rpc can have it. */
    public static final String DELETION = ".Delete";

    private static final Method DELETION_METHOD =
            new Method(-1, DELETION, "", false, Empty.getDefaultInstance(), Empty.getDefaultInstance());

    private final String name;
    private final ServiceDescriptor service;
    private final S initialState;
    private final E event;
    private final Map<String, Method> methods;
    private final Map<String, String> comments;

    private EntityType(
            String name,
            ServiceDescriptor service,
            S initialState,
            E event,
            Map<String, Method> methods,
            Map<String, String> comments) {
        this.name = name;
        this.service = service;
        this.initialState = initialState;
        this.event = event;
        this.methods = methods;
        this.comments = comments;
    }

    /**
     * Makes a type.
     *
     * @param name the name in paths and in the store, in kebab-case
     * @param initialState the state of an entity that has no events
     * @param event any instance of the event message
     * @param methods the rpcs, in the order of the {@code .proto}
     */
    public static <S extends Message, E extends Message> EntityType<S, E> of(
            String name, ServiceDescriptor service, S initialState, E event, List<Method> methods) {
        var byName = new LinkedHashMap<String, Method>();
        methods.forEach(method -> byName.put(method.name(), method));
        return new EntityType<>(name, service, initialState, event, byName, Map.of());
    }

    /**
     * The same with what the {@code .proto} says in comments, which its descriptors do not keep.
     *
     * @param lines one for each commented thing: its full name, a space, the comment
     */
    public EntityType<S, E> withComments(List<String> lines) {
        var byName = new HashMap<String, String>();
        for (var line : lines) {
            var space = line.indexOf(' ');
            byName.put(line.substring(0, space), line.substring(space + 1));
        }
        return new EntityType<>(name, service, initialState, event, methods, Map.copyOf(byName));
    }

    public String name() {
        return name;
    }

    public ServiceDescriptor service() {
        return service;
    }

    public S initialState() {
        return initialState;
    }

    /** An instance of the event message, as a prototype. */
    public E event() {
        return event;
    }

    public List<Method> methods() {
        return List.copyOf(methods.values());
    }

    /** The method with this rpc name, or null; the {@link #deletion} too has a name, which no rpc can have. */
    public @Nullable Method method(String rpcName) {
        return rpcName.equals(DELETION) ? deletion().orElse(null) : methods.get(rpcName);
    }

    /**
     * The command that deletes an entity for good, if the {@code .proto} says {@code deletable: true}. It is none of {@link #methods},
     * takes and gives nothing, and is decided without the author.
     */
    public Optional<Method> deletion() {
        var isDeletable = service.getOptions().getExtension(OptionsProto.entity).getDeletable();
        return isDeletable ? Optional.of(DELETION_METHOD) : Optional.empty();
    }

    /** The variable that stands for the id in paths of the author's own; empty for the usual one. */
    public String idVariable() {
        return service.getOptions().getExtension(OptionsProto.entity).getIdVariable();
    }

    /** The query that reads the entity as a whole: the one named {@code Get} or, if there is none, the only one. */
    public Optional<Method> defaultQuery() {
        var queries = methods.values().stream().filter(Method::isQuery).toList();
        return queries.stream()
                .filter(query -> query.path().equals("get") || queries.size() == 1)
                .findFirst();
    }

    /** What the {@code .proto} says of the service, a method, message, field, enum or value with this full name; or empty. */
    public String comment(String fullName) {
        return comments.getOrDefault(fullName, "");
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * One rpc.
     *
     * @param index its place in the service, from 0: what generated code switches on
     * @param name the rpc's name as in the {@code .proto}, such as {@code Withdraw}
     * @param path its name in paths, such as {@code withdraw}
     * @param isQuery true if it is marked {@code NO_SIDE_EFFECTS}
     * @param request an instance of the request message, as a prototype
     * @param reply an instance of the reply message, as a prototype
     */
    public record Method(int index, String name, String path, boolean isQuery, Message request, Message reply) {
        /** True for the command that deletes the entity. */
        public boolean isDeletion() {
            return name.equals(DELETION);
        }
    }
}
