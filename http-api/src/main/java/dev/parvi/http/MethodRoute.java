package dev.parvi.http;

import dev.parvi.entity.EntityType;

/** Where a path ends: one rpc of one entity type, with the shapes of its messages. */
record MethodRoute(EntityType<?, ?> type, EntityType.Method method, MessageShape request, MessageShape reply) {

    /** The HTTP methods that fit. A query may also be posted, for what does not fit into a URL. */
    String allow() {
        return method.isQuery() ? "GET, HEAD, POST" : "POST";
    }
}
