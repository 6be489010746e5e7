package dev.parvi.protobuf;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be generated for a service, by the words of the plugin's option. */
enum Part {
    /** For those who write entities: the class to extend, and a client for use inside a node. */
    ENTITY("entity", List.of("Entity", "Client")),
    /** For those who call entities from elsewhere. */
    HTTP_CLIENT("http-client", List.of("HttpClient"));

    private final String word;
    private final List<String> suffixes;

    Part(String word, List<String> suffixes) {
        this.word = word;
        this.suffixes = suffixes;
    }

    /** Reads the option: words with commas between them; none means {@code entity}. Throws if a word is unknown. */
    static Set<Part> parse(String option) {
        if (option.isBlank()) return EnumSet.of(ENTITY);
        return Arrays.stream(option.split(",", -1))
                .map(String::strip)
                .map(Part::ofWord)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
    }

    /** The simple names of the classes that are generated, the main one first. */
    List<String> classesOf(ServiceDescriptor service) {
        return suffixes.stream().map(suffix -> service.getName() + suffix).toList();
    }

    private static Part ofWord(String word) {
        return Arrays.stream(values())
                .filter(part -> part.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the option \"" + word
                        + "\" is unknown; write entity, http-client, or both with a comma between them"));
    }
}
