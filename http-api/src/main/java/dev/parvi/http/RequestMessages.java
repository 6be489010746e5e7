package dev.parvi.http;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import dev.parvi.http.Routes.MethodRoute;
import dev.parvi.http.Routes.Target;
import dev.parvi.http.json.Codecs;
import dev.parvi.http.json.Text;
import dev.parvi.http.json.UnreadableMessage;
import dev.parvi.http.validation.Rules;
import dev.parvi.transcoding.Binding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Makes a method's request message of a body, of query parameters and of the path, and holds it against its rules. Throws a {@link Refusal} that names
 * the fields at fault.
 */
final class RequestMessages {
    private final Codecs codecs;
    private final Rules rules;
    private final int depthMax;

    RequestMessages(Codecs codecs, Rules rules, int depthMax) {
        this.codecs = codecs;
        this.rules = rules;
        this.depthMax = depthMax;
    }

    Message ofParameters(HttpRequest request, Target target) {
        var message = target.route().method().request().newBuilderForType();
        readParameters(request, target, message);
        readPath(target, message);
        return complete(message, ProblemKind.INVALID_PARAMETER);
    }

    /** The request without fields, which {@code parameter} stands for: a refusal names that. */
    Message empty(MethodRoute route, String parameter) {
        try {
            return complete(route.method().request().newBuilderForType(), ProblemKind.INVALID_PARAMETER);
        } catch (Refusal refusal) {
            throw Refusal.ofField(
                    ProblemKind.INVALID_PARAMETER,
                    parameter,
                    "asks the query " + route.method().name() + ", which does not take an empty request: "
                            + refusal.problem().detail());
        }
    }

    Message ofBody(byte[] body, BodyFormat format, Target target, HttpRequest request) {
        var message = target.route().method().request().newBuilderForType();
        var chosen = target.chosen();
        if (body.length > 0) {
            if (chosen != null && !chosen.binding().hasBody())
                throw Refusal.of(
                        ProblemKind.INVALID_BODY,
                        "this path takes no body; its fields stand in the path and the query");
            var field = chosen == null ? null : chosen.binding().bodyField();
            if (format == BodyFormat.JSON) readJson(body, field, target.route(), message);
            else if (field == null) readBinary(body, message);
            else readBinaryField(body, field, message);
        }
        if (chosen != null && chosen.binding().hasParameters()) readParameters(request, target, message);
        readPath(target, message);
        return complete(message, ProblemKind.INVALID_BODY);
    }

    private void readParameters(HttpRequest request, Target target, Message.Builder message) {
        var query = request.uri().rawQueryString();
        if (query.isEmpty()) return;
        var chosen = target.chosen();
        var elsewhere = chosen == null ? Set.<String>of() : chosen.bound().elsewhere();
        reading(
                ProblemKind.INVALID_PARAMETER,
                () -> codecs.readQuery(query.get(), target.route().request(), message, elsewhere));
    }

    /** The body may say again what the path says; a client that believes what it says otherwise must hear of it. */
    private void readPath(Target target, Message.Builder message) {
        var chosen = target.chosen();
        if (chosen == null) return;
        for (var name : chosen.binding().pathFields()) {
            var before = valueAt(name, message);
            var text = Objects.requireNonNull(chosen.values().get(name));
            reading(
                    ProblemKind.INVALID_PATH,
                    () -> codecs.readParameter(name, text, target.route().request(), message));
            if (before != null && !before.equals(valueAt(name, message)))
                throw Refusal.ofField(
                        ProblemKind.INVALID_BODY,
                        name,
                        "is " + Text.shortened(text) + " in the path, and not so in the body");
        }
    }

    /** The value of a field, or null if it is not set. */
    private static @Nullable Object valueAt(String path, Message.Builder message) {
        MessageOrBuilder place = message;
        for (var from = 0; ; ) {
            var dot = path.indexOf('.', from);
            var field =
                    place.getDescriptorForType().findFieldByName(path.substring(from, dot < 0 ? path.length() : dot));
            var value = place.getField(field);
            if (field.hasPresence() ? !place.hasField(field) : value.equals(field.getDefaultValue())) return null;
            if (dot < 0) return value;
            place = (Message) value;
            from = dot + 1;
        }
    }

    private static void reading(ProblemKind kind, Runnable read) {
        try {
            read.run();
        } catch (UnreadableMessage fault) {
            throw Refusal.ofField(kind, fault.path(), fault.message());
        }
    }

    private void readJson(byte[] body, @Nullable FieldDescriptor field, MethodRoute route, Message.Builder message) {
        reading(ProblemKind.INVALID_BODY, () -> {
            if (field == null) codecs.readJson(body, route.request(), message);
            else codecs.readJsonField(body, field.getName(), route.request(), message);
        });
    }

    private void readBinaryField(byte[] body, FieldDescriptor field, Message.Builder message) {
        if (!Binding.isMessage(field))
            throw Refusal.ofField(
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type",
                    "the body is " + field.getName() + " alone, which has no binary form; send application/json");
        var value = message.newBuilderForField(field);
        readBinary(body, value);
        message.setField(field, value.buildPartial());
    }

    private void readBinary(byte[] body, Message.Builder message) {
        try {
            var input = CodedInputStream.newInstance(body);
            input.setRecursionLimit(depthMax);
            message.mergeFrom(input);
            input.checkLastTagWas(0);
        } catch (InvalidProtocolBufferException unreadable) {
            throw Refusal.of(
                    ProblemKind.INVALID_BODY,
                    "the body is not a " + message.getDescriptorForType().getFullName() + " in protobuf's binary form: "
                            + unreadable.getMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory failed", impossible);
        }
    }

    private Message complete(Message.Builder message, ProblemKind kind) {
        if (!message.isInitialized())
            throw Refusal.ofField(kind, message.findInitializationErrors().get(0), "is required");
        var complete = message.build();
        var violations = rules.check(complete);
        if (violations.isEmpty()) return complete;
        throw new Refusal(Problem.ofFaults(
                kind,
                violations.stream()
                        .map(violation -> new Problem.Fault(violation.field(), violation.rule(), violation.message()))
                        .toList()));
    }
}
