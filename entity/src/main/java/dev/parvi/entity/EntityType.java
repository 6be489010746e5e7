package dev.parvi.entity;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code .proto} says of an entity: its name, its messages and its methods. Generated classes make one; it holds no code
 * of the author's.
 *
 * @param <S> the state message
 * @param <E> the event message, with one {@code oneof} of everything that can happen
 */
public final class EntityType<S extends Message, E extends Message> {
    private final String name;
    private final ServiceDescriptor service;
    private final S initialState;
    private final E event;
    private final Map<String, Method> methods;

    private EntityType(String name, ServiceDescriptor service, S initialState, E event, Map<String, Method> methods) {
        this.name = name;
        this.service = service;
        this.initialState = initialState;
        this.event = event;
        this.methods = methods;
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
        return new EntityType<>(name, service, initialState, event, byName);
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

    /** The method with this rpc name, or null. */
    public @Nullable Method method(String rpcName) {
        return methods.get(rpcName);
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
    public record Method(int index, String name, String path, boolean isQuery, Message request, Message reply) {}
}
