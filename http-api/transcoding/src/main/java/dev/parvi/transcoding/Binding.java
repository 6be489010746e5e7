package dev.parvi.transcoding;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to call an rpc over HTTP.
 *
 * @param method such as {@code POST}
 * @param body the field of the request that is the body, {@link #WHOLE} for all that the path does not hold, or empty for no body
 * @param responseBody the field of the reply that is the answer, or empty for the whole reply
 * @param idVariable the variable that names the entity
 */
public record Binding(
        MethodDescriptor rpc,
        String method,
        PathTemplate template,
        String body,
        String responseBody,
        String idVariable) {
    /** All fields that the path does not hold. */
    public static final String WHOLE = "*";

    public boolean hasBody() {
        return !body.isEmpty();
    }

    public boolean isWholeBody() {
        return body.equals(WHOLE);
    }

    /** Whether fields may stand in the query. */
    public boolean hasParameters() {
        return !isWholeBody();
    }

    /** The field that is the body, or null if that is none or many. */
    public @Nullable FieldDescriptor bodyField() {
        return hasBody() && !isWholeBody() ? rpc.getInputType().findFieldByName(body) : null;
    }

    /** The field that is the answer, or null if the whole reply is. */
    public @Nullable FieldDescriptor responseField() {
        return responseBody.isEmpty() ? null : rpc.getOutputType().findFieldByName(responseBody);
    }

    /** Whether the value of a field is a message, which has a binary form of its own. */
    public static boolean isMessage(FieldDescriptor field) {
        return !field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    }

    /** The fields that the path fills, such as {@code file.name}. That of the id is among them if the request has one. */
    public List<String> pathFields() {
        return template.variables().stream()
                .map(PathTemplate.Variable::fieldPath)
                .filter(name -> !name.equals(idVariable) || rpc.getInputType().findFieldByName(name) != null)
                .toList();
    }

    /** The method and the path, for messages. */
    @Override
    public String toString() {
        return method + " " + template;
    }
}
