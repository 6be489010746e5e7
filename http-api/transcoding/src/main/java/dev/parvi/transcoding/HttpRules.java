package dev.parvi.transcoding;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads the option {@code (google.api.http)} of an rpc, and finds what is wrong with it. */
public final class HttpRules {
    /** The variable that names the entity, if its author has not chosen another. */
    public static final String ID = "id";

    private static final String OTHER_METHOD = "write get, post, put, patch or delete; HEAD is answered where get is";

    private final MethodDescriptor rpc;
    private final String idVariable;
    private final boolean isQuery;
    private final List<Binding> bindings = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    private HttpRules(MethodDescriptor rpc, String idVariable, boolean isQuery) {
        this.rpc = rpc;
        this.idVariable = idVariable.isEmpty() ? ID : idVariable;
        this.isQuery = isQuery;
    }

    /**
     * Reads the annotation.
     *
     * @param idVariable the variable that names the entity; empty for {@link #ID}
     * @param isQuery whether the rpc changes nothing
     */
    public static HttpRules of(MethodDescriptor rpc, String idVariable, boolean isQuery) {
        var rules = new HttpRules(rpc, idVariable, isQuery);
        if (isAnnotated(rpc)) rules.read(rpc.getOptions().getExtension(AnnotationsProto.http));
        return rules;
    }

    /** Whether the rpc has the option, right or wrong. */
    public static boolean isAnnotated(MethodDescriptor rpc) {
        return rpc.getOptions().hasExtension(AnnotationsProto.http);
    }

    /** The ways to call the rpc, its first one first; none if it has no annotation. Of no use if there are faults. */
    public List<Binding> bindings() {
        return List.copyOf(bindings);
    }

    public List<Fault> faults() {
        return List.copyOf(faults);
    }

    private void read(HttpRule rule) {
        add(rule);
        for (var more : rule.getAdditionalBindingsList()) {
            if (more.getAdditionalBindingsCount() > 0)
                refuse(
                        "an additional binding of rpc " + rpc.getName() + " has additional bindings of its own",
                        "write them beside it");
            add(more);
        }
    }

    private void add(HttpRule rule) {
        switch (rule.getPatternCase()) {
            case GET -> add("GET", rule.getGet(), rule);
            case PUT -> add("PUT", rule.getPut(), rule);
            case POST -> add("POST", rule.getPost(), rule);
            case DELETE -> add("DELETE", rule.getDelete(), rule);
            case PATCH -> add("PATCH", rule.getPatch(), rule);
            case CUSTOM ->
                refuse(
                        "rpc " + rpc.getName() + " has the custom HTTP method \""
                                + rule.getCustom().getKind() + "\"",
                        OTHER_METHOD);
            case PATTERN_NOT_SET -> refuse("a binding of rpc " + rpc.getName() + " has no path", OTHER_METHOD);
        }
    }

    private void add(String method, String path, HttpRule rule) {
        PathTemplate template;
        try {
            template = new TemplateParser(path).parse();
        } catch (BadTemplate bad) {
            refuse(inWords(path) + " " + bad.fault().what(), bad.fault().instead());
            return;
        }
        var binding = new Binding(rpc, method, template, rule.getBody(), rule.getResponseBody(), idVariable);
        checkMethod(binding);
        checkId(binding);
        for (var variable : template.variables())
            if (!variable.fieldPath().equals(idVariable)) checkVariable(binding, variable.fieldPath());
        checkBody(binding);
        if (!rule.getResponseBody().isEmpty() && binding.responseField() == null)
            refuse(
                    inWords(path) + " answers with " + rule.getResponseBody() + ", which is no field of "
                            + rpc.getOutputType().getName(),
                    known(rpc.getOutputType()));
        bindings.add(binding);
    }

    private void checkMethod(Binding binding) {
        if (binding.method().equals("GET") && !isQuery)
            refuse(
                    inWords(binding) + " is a GET, and the rpc is a command",
                    "write post, put, patch or delete, or mark the rpc NO_SIDE_EFFECTS if it changes nothing");
        if (binding.hasBody()
                && (binding.method().equals("GET") || binding.method().equals("DELETE")))
            refuse(
                    inWords(binding) + " is a " + binding.method() + ", which has no body",
                    "remove body: its fields then stand in the query; or write post");
    }

    private void checkId(Binding binding) {
        var id = binding.template().variable(idVariable);
        if (id == null)
            refuse(
                    inWords(binding) + " does not say which entity is meant",
                    "write {" + idVariable + "} into it, or {id_variable: \"...\"} into the option (parvi.v1.entity)");
        else if (!binding.template().shape(id).equals("*"))
            refuse(
                    inWords(binding) + " has an id of the form "
                            + binding.template().shape(id) + ", and ids hold no slash",
                    "write {" + idVariable + "}");
        var field = rpc.getInputType().findFieldByName(idVariable);
        if (field != null && (field.getType() != FieldDescriptor.Type.STRING || field.isRepeated()))
            refuse(
                    "the path of rpc " + rpc.getName() + " puts the entity's id into " + field.getFullName()
                            + ", which is no single string",
                    "rename the field, or choose another variable with {id_variable: \"...\"} in the option"
                            + " (parvi.v1.entity)");
    }

    private void checkVariable(Binding binding, String fieldPath) {
        var message = rpc.getInputType();
        var names = fieldPath.split("\\.", -1);
        for (var i = 0; i < names.length; i++) {
            var field = message.findFieldByName(names[i]);
            if (field == null) {
                refuse(
                        inWords(binding) + " has {" + fieldPath + "}, and " + message.getName() + " has no field "
                                + names[i],
                        known(message));
                return;
            }
            var fault = i + 1 == names.length ? faultOfLeaf(field) : faultOfParent(field);
            if (!fault.isEmpty()) {
                refuse(
                        inWords(binding) + " has {" + fieldPath + "}, and " + field.getFullName() + " " + fault,
                        "name a single number, text, flag, enum or bytes field");
                return;
            }
            if (i + 1 < names.length) message = field.getMessageType();
        }
    }

    private static String faultOfLeaf(FieldDescriptor field) {
        if (field.isRepeated()) return "is a list or a map";
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? "is a message" : "";
    }

    private static String faultOfParent(FieldDescriptor field) {
        if (field.isRepeated()) return "is a list or a map";
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) return "has no fields";
        return field.getMessageType().getFullName().startsWith("google.protobuf.")
                ? "is written as one value, without its fields"
                : "";
    }

    private void checkBody(Binding binding) {
        if (!binding.hasBody() || binding.isWholeBody()) return;
        var field = binding.bodyField();
        if (field == null)
            refuse(
                    inWords(binding) + " has the body " + binding.body() + ", which is no field of "
                            + rpc.getInputType().getName(),
                    "write \"*\" for all fields, or one of them; " + known(rpc.getInputType()));
        else if (isInPath(binding, field.getName()))
            refuse(inWords(binding) + " has " + binding.body() + " in the path and as body", "name it once");
    }

    private static boolean isInPath(Binding binding, String field) {
        return binding.pathFields().stream().anyMatch(path -> path.equals(field) || path.startsWith(field + "."));
    }

    private static String known(Descriptor message) {
        var names = new TreeSet<String>();
        message.getFields().forEach(field -> names.add(field.getName()));
        return names.isEmpty() ? message.getName() + " has no fields" : "known are " + String.join(", ", names);
    }

    private String inWords(Binding binding) {
        return inWords(binding.template().toString());
    }

    private String inWords(String path) {
        return "the path \"" + path + "\" of rpc " + rpc.getName();
    }

    private void refuse(String what, String instead) {
        faults.add(new Fault(what, instead));
    }
}
