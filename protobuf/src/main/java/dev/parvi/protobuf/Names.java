package dev.parvi.protobuf;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/** How names of the {@code .proto} are spelt in paths and in Java. */
final class Names {
    private static final Pattern WORD_BOUNDARY = Pattern.compile("_+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");
    private static final Pattern KEBAB_CASE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Methods that the generated classes inherit or have of their own. */
    private static final Set<String> TAKEN = Set.of(
            "clone",
            "equals",
            "finalize",
            "getClass",
            "hashCode",
            "notify",
            "notifyAll",
            "toString",
            "wait",
            "apply",
            "decide",
            "persist",
            "reject",
            "reply",
            "type",
            "as",
            "ifRevision",
            "of",
            "send",
            "withKey",
            "within");

    /** Fields whose plain accessor would hide a method of every message; protoc adds an underscore. */
    private static final Set<String> HIDING = Set.of(
            "class",
            "default_instance_for_type",
            "parser_for_type",
            "serialized_size",
            "all_fields",
            "descriptor_for_type",
            "initialization_error_string",
            "unknown_fields",
            "cached_size");

    private Names() {}

    /** {@code AccountBook} becomes {@code account-book}, {@code HTTPThing} becomes {@code http-thing}. */
    static String toKebabCase(String name) {
        return String.join("-", words(name)).toLowerCase(Locale.ROOT);
    }

    static boolean isKebabCase(String name) {
        return KEBAB_CASE.matcher(name).matches();
    }

    /** A method's name that Java and the generated classes' ancestors leave free; an underscore makes it so. */
    static String toMethod(String name) {
        var method = toVariable(name);
        return TAKEN.contains(method) ? method + "_" : method;
    }

    static String toVariable(String name) {
        var variable = new StringBuilder();
        for (var word : words(name))
            variable.append(variable.isEmpty() ? word.toLowerCase(Locale.ROOT) : capital(word));
        var plain = variable.toString();
        return SourceVersion.isKeyword(plain, SourceVersion.RELEASE_17) ? plain + "_" : plain;
    }

    /** What follows {@code get} and {@code set} in the message's class. */
    static String toAccessor(FieldDescriptor field) {
        return toAccessor(field.getName()) + (HIDING.contains(field.getName()) ? "_" : "");
    }

    /** The method that tells which case of the oneof is set. */
    static String toCaseAccessor(OneofDescriptor oneof) {
        return "get" + toAccessor(oneof.getName()) + "Case";
    }

    /** The constant that stands for this case. */
    static String toCaseConstant(FieldDescriptor field) {
        return field.getName().toUpperCase(Locale.ROOT);
    }

    /** protoc's own camel case, in which a letter after a digit is a capital too. */
    static String toAccessor(String name) {
        var accessor = new StringBuilder();
        var capitalNext = true;
        for (var index = 0; index < name.length(); index++) {
            var character = name.charAt(index);
            var isLetter = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
            var isDigit = character >= '0' && character <= '9';
            if (isLetter) accessor.append(capitalNext ? Character.toUpperCase(character) : character);
            if (isDigit) accessor.append(character);
            capitalNext = !isLetter;
        }
        return accessor.toString();
    }

    private static List<String> words(String name) {
        return WORD_BOUNDARY.splitAsStream(name).filter(word -> !word.isEmpty()).toList();
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
