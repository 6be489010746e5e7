package dev.parvi.testkit.history;

import com.google.protobuf.Message;
import dev.parvi.entity.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds a history against the journal, with every checker, one entity after the other: memory is needed for the history and for
 * what is stored of one entity. Call it when all operations have ended and no stream is read any more; nodes may go on running.
 */
public final class Judge {
    private final List<Checker> checkers;

    private Judge(List<Checker> checkers) {
        this.checkers = List.copyOf(checkers);
    }

    /** With all checkers; entities of other types than these are not replayed. */
    public static Judge of(Entity<?, ?>... entities) {
        return of((entity, method, key) -> Optional.empty(), entities);
    }

    /** The same, and every command whose request can be made again is decided again: it must come to what is stored. */
    public static Judge of(Requests requests, Entity<?, ?>... entities) {
        return new Judge(List.of(
                new LostChecker(),
                new TwiceChecker(),
                new OrderChecker(),
                new OnceChecker(),
                new WrongEntityChecker(),
                new StreamChecker(),
                new UndecidedChecker(),
                new ReplayChecker(requests, List.of(entities))));
    }

    /** With one more checker, such as one that knows what the entities are about. */
    public Judge with(Checker checker) {
        var all = new ArrayList<>(checkers);
        all.add(checker);
        return new Judge(all);
    }

    /** Says what came out. Throws {@link IllegalStateException} if the journal cannot be read. */
    public Verdict judge(History history, Journal journal) {
        return new Trial(checkers, history, journal).verdict();
    }

    /** Makes a client's request again, since the journal keeps only a digest of it. */
    @FunctionalInterface
    public interface Requests {
        /** What the command with this key asked of this entity; empty if it cannot be told. */
        Optional<Message> requestOf(String entity, String method, String key);
    }
}
