package dev.parvi.testkit.history;

import dev.parvi.entity.Entity;
import dev.parvi.testkit.history.Judge.Requests;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The journal is whole, and the entity's own code can still live by it. What is compared, {@link Rerun} says. */
final class ReplayChecker implements Checker {
    private final Requests requests;
    private final Map<String, Entity<?, ?>> byType = new HashMap<>();

    ReplayChecker(Requests requests, List<Entity<?, ?>> entities) {
        this.requests = requests;
        entities.forEach(entity -> byType.put(entity.type().name(), entity));
    }

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public void check(Evidence evidence, Consumer<String> onViolation) {
        evidence.stored().damages().forEach(onViolation);
        var slash = evidence.entity().indexOf('/');
        var entity = byType.get(evidence.entity().substring(0, slash));
        if (entity == null || !evidence.stored().damages().isEmpty()) return;
        var rerun = Rerun.of(entity, evidence.entity(), evidence.stored().head(), requests, onViolation);
        evidence.read(rerun);
        rerun.end();
    }
}
