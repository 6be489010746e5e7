package dev.parvi.client;

import com.google.gson.JsonObject;
import com.google.protobuf.Message;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a command, as far as it is stored. */
public final class Outcome {
    /** Nothing is stored with the key: not yet, not any more, or never. */
    static final Outcome NOTHING = new Outcome(new JsonObject());

    private final JsonObject json;

    private Outcome(JsonObject json) {
        this.json = json;
    }

    static Outcome of(JsonObject json) {
        return new Outcome(json);
    }

    /**
     * True if the command was carried out. If not, an attempt that is still on its way may be carried out later; only sending the
     * command again settles it.
     */
    public boolean isStored() {
        return json.has("outcome");
    }

    /** Of the command's last event; 0 if nothing is stored. */
    public long revision() {
        return isStored() ? Json.number(json, "revision") : 0;
    }

    /** The rpc by its name in the {@code .proto}; empty if nothing is stored. */
    public String method() {
        return Json.text(json, "method");
    }

    /** When it was decided, by its node's clock. */
    public Optional<Instant> time() {
        return isStored() ? Optional.of(Json.time(json, "time")) : Optional.empty();
    }

    /**
     * What the command was answered; nothing if nothing is stored, or if the node cannot read the reply any more.
     *
     * @param prototype of the reply of {@link #method}
     */
    public <R extends Message> Optional<R> reply(R prototype) {
        @Nullable JsonObject reply = json.getAsJsonObject("reply");
        return reply == null ? Optional.empty() : Optional.of(Json.message(reply, prototype, Json.parserOf(prototype)));
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
