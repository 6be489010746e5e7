package dev.parvi.http.openapi;

import dev.parvi.entity.EntityType;
import java.util.List;
import java.util.regex.Pattern;

/** What people wrote beside things in the {@code .proto}. A message may be known to several types, each with its comments. */
final class Words {
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s");
    private static final Pattern SUCH_AS = Pattern.compile("such as \"([^\"]+)\"");

    private final List<EntityType<?, ?>> types;

    Words(List<EntityType<?, ?>> types) {
        this.types = types;
    }

    /** The whole comment, or empty. */
    String of(String fullName) {
        return types.stream()
                .map(type -> type.comment(fullName))
                .filter(comment -> !comment.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The first sentence on one line, without its full stop; or empty. */
    String firstSentence(String fullName) {
        var paragraph = of(fullName).split("\n\n", 2)[0].replace('\n', ' ');
        var sentence = SENTENCE_END.split(paragraph, 2)[0];
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    /** The comment, if it says more than its first sentence. */
    String ifMoreThanASentence(String fullName) {
        var all = of(fullName);
        return all.length() > firstSentence(fullName).length() + 1 ? all : "";
    }

    /** The value that a comment gives as an example, in the words {@code such as "2026-07-01"}; or empty. */
    String example(String fullName) {
        var found = SUCH_AS.matcher(of(fullName));
        return found.find() ? found.group(1) : "";
    }
}
