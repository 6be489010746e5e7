package dev.parvi.protobuf;

import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What caches may do with the answers of a method: its option {@code (parvi.v1.cache_control)}, or what holds without one. */
public final class CacheControl {
    /** Keep it, and ask each time whether it still holds. */
    private static final String OF_A_QUERY = "no-cache";
    /** What a command answers is true for that command only. */
    public static final String OF_A_COMMAND = "no-store";

    private static final Set<String> WORDS = Set.of(
            "public",
            "private",
            "no-cache",
            "no-store",
            "no-transform",
            "must-revalidate",
            "proxy-revalidate",
            "immutable");
    private static final Pattern SECONDS =
            Pattern.compile("(max-age|s-maxage|stale-while-revalidate|stale-if-error)=\\d{1,9}");
    private static final String KNOWN =
            "write directives such as \"public, max-age=5, stale-while-revalidate=30\"; known are"
                    + " public, private, no-cache, no-store, no-transform, must-revalidate, proxy-revalidate, immutable, and with whole"
                    + " seconds max-age=, s-maxage=, stale-while-revalidate= and stale-if-error=";

    private CacheControl() {}

    /** The value of the header {@code Cache-Control} in answers to a GET, or to a command. */
    public static String of(MethodDescriptor method) {
        if (!EntityModel.isQuery(method)) return OF_A_COMMAND;
        var options = method.getOptions();
        return options.hasExtension(OptionsProto.cacheControl)
                ? options.getExtension(OptionsProto.cacheControl)
                : OF_A_QUERY;
    }

    /** What is wrong with the option and what to write instead, as one sentence; empty if nothing is. */
    public static String faultOf(MethodDescriptor method) {
        var fault = fault(method);
        return fault == null ? "" : fault.what() + "; " + fault.instead();
    }

    static @Nullable Fault fault(MethodDescriptor method) {
        if (!method.getOptions().hasExtension(OptionsProto.cacheControl)) return null;
        if (!EntityModel.isQuery(method))
            return new Fault(
                    "rpc " + method.getName() + " is a command, and no cache may answer in its place",
                    "remove its cache_control, or mark it NO_SIDE_EFFECTS if it changes nothing");
        var value = method.getOptions().getExtension(OptionsProto.cacheControl);
        var seen = new HashSet<String>();
        for (var directive : value.split(", ?", -1)) {
            if (!WORDS.contains(directive) && !SECONDS.matcher(directive).matches())
                return new Fault(of(method, value) + " has \"" + directive + "\"", KNOWN);
            if (!seen.add(directive.split("=", 2)[0]))
                return new Fault(
                        of(method, value) + " says " + directive + " after it has said so before", "write it once");
        }
        if (seen.contains("public") && seen.contains("private"))
            return new Fault(of(method, value) + " is for all and for one reader", "write public or private");
        if (seen.contains("no-store") && seen.size() > 1)
            return new Fault(of(method, value) + " keeps what no-store does not let it keep", "write no-store alone");
        return null;
    }

    private static String of(MethodDescriptor method, String value) {
        return "the cache_control \"" + value + "\" of rpc " + method.getName();
    }

    /** A mistake without its place. */
    record Fault(String what, String instead) {}
}
