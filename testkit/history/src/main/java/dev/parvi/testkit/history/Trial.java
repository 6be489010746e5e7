package dev.parvi.testkit.history;

import dev.parvi.testkit.history.Operation.End;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One judgement: gathers what is known of each entity, asks all checkers, and counts. */
final class Trial {
    private static final int SENTENCES_MAX = 20;

    private final List<Checker> checkers;
    private final History history;
    private final Journal journal;
    private final Map<String, Long> violations = new LinkedHashMap<>();
    private final List<String> sentences = new ArrayList<>();
    private @Nullable Map<String, String> addressees;
    private final Set<String> entities = new TreeSet<>();
    private long commandsStored;
    private long strangers;
    private long deleted;

    Trial(List<Checker> checkers, History history, Journal journal) {
        this.checkers = checkers;
        this.history = history;
        this.journal = journal;
        checkers.forEach(checker -> violations.put(checker.name(), 0L));
    }

    Verdict verdict() {
        var known = history.entities();
        known.stream()
                .map(entity -> entity.substring(0, entity.indexOf('/')))
                .distinct()
                .forEach(type -> entities.addAll(journal.entities(type)));
        entities.addAll(known);
        var operations = history.operations();
        var byEntity = operations.stream().collect(Collectors.groupingBy(Operation::entity));
        var streams = history.streams();
        var streamsByEntity = streams.stream().collect(Collectors.groupingBy(Sightings::entity));
        for (var entity : entities)
            judge(new Evidence(
                    entity,
                    byEntity.getOrDefault(entity, List.of()),
                    streamsByEntity.getOrDefault(entity, List.of()),
                    journal,
                    this::addressee));
        return new Verdict(counts(operations, streams), violations, sentences);
    }

    private void judge(Evidence evidence) {
        for (var checker : checkers) checker.check(evidence, sentence -> onViolation(checker.name(), sentence));
        var own = new HashSet<String>();
        evidence.operations().forEach(operation -> own.add(operation.key()));
        var commands = evidence.stored().commands();
        commandsStored += commands.size();
        strangers += commands.stream()
                .filter(command ->
                        !own.contains(command.key()) && addressee(command.key()).isEmpty())
                .count();
        if (evidence.stored().tombstone() > 0) deleted++;
    }

    private void onViolation(String checker, String sentence) {
        var earlier = violations.merge(checker, 1L, Long::sum) - 1;
        if (earlier < SENTENCES_MAX) sentences.add(checker + ": " + sentence);
    }

    /** Made when it is first asked for: in a good history no key is in a strange place. */
    private Optional<String> addressee(String key) {
        if (addressees == null) addressees = history.entitiesByKey();
        return Optional.ofNullable(addressees.get(key));
    }

    private Verdict.Counts counts(List<Operation> operations, List<Sightings> streams) {
        var byEnd = new HashMap<End, Long>();
        var replayed = 0L;
        var retried = 0L;
        for (var operation : operations) {
            byEnd.merge(operation.end(), 1L, Long::sum);
            if (operation.isReplayed()) replayed++;
            if (operation.unansweredAttempts() > 0) retried++;
        }
        return new Verdict.Counts(
                entities.size(),
                byEnd.getOrDefault(End.ACKNOWLEDGED, 0L),
                replayed,
                byEnd.getOrDefault(End.ANSWERED, 0L),
                byEnd.getOrDefault(End.REFUSED, 0L),
                byEnd.getOrDefault(End.UNDECIDED, 0L) + byEnd.getOrDefault(End.OPEN, 0L),
                retried,
                commandsStored,
                strangers,
                deleted,
                streams.size(),
                streams.stream().mapToLong(Sightings::size).sum());
    }
}
