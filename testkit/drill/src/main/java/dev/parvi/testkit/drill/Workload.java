package dev.parvi.testkit.drill;

import com.google.protobuf.Message;
import dev.parvi.testkit.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** All clients of a drill, and those who read streams. Bounded: a longer drill sends at longer intervals, not more. */
final class Workload {
    private static final long COMMANDS_MAX = 200_000;
    private static final Duration INTERVAL_MIN = Duration.ofMillis(20);
    private static final int READERS = 4;
    private static final int RUSH = 30;

    private final Plan plan;
    private final History history;
    private final Nodes nodes;
    private final Tally tally;
    private final Sender sender = new Sender();
    private final List<Thread> clients = new CopyOnWriteArrayList<>();
    private final List<StreamReader> readers = new ArrayList<>();
    private final Duration interval;
    private int numbers;
    private volatile boolean isRunning = true;
    private volatile boolean hasGivenUp;

    Workload(Plan plan, History history, Nodes nodes, Tally tally) {
        this.plan = plan;
        this.history = history;
        this.nodes = nodes;
        this.tally = tally;
        var spread = plan.duration().multipliedBy(plan.clients()).dividedBy(COMMANDS_MAX);
        this.interval = spread.compareTo(INTERVAL_MIN) > 0 ? spread : INTERVAL_MIN;
    }

    void start() {
        for (; numbers < plan.clients(); numbers++)
            clients.add(started(new Client(this, numbers), "client-" + numbers));
        var types = plan.requests().typeNames();
        for (var number = 0; number < READERS; number++) {
            var type = types.get(number % types.size());
            var id = plan.idPrefix() + number % plan.ids();
            var reader = new StreamReader(nodes, sender, type, id, history.stream("reader " + number, type, id, 1));
            readers.add(reader);
            started(reader, "reader-" + number);
        }
    }

    private static Thread started(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Some more clients send a request each, all to this node: they wait in the sockets of one that is frozen, and are the first
     * that it sees when it wakes up. Nobody leaves it out any more. To be called by one thread.
     */
    void rush(String node) {
        nodes.forgive();
        for (var end = numbers + RUSH; numbers < end && isRunning; numbers++) {
            var client = new Client(this, numbers);
            clients.add(started(() -> client.sendOnce(node), "client-" + numbers));
        }
    }

    /** Nothing new is sent; what is open is sent again until it is decided. */
    void end() {
        isRunning = false;
        nodes.forgive();
    }

    /** Whether a client does not know yet what became of its last command. */
    boolean hasOpen() {
        return clients.stream().anyMatch(Thread::isAlive);
    }

    /** What is not decided by now stays so. */
    void giveUp() {
        hasGivenUp = true;
    }

    List<StreamReader> readers() {
        return readers;
    }

    /** What the command with this key asked: it is made again from the seed. Only where the time of day decides nothing. */
    Optional<Message> requestOf(String entity, String method, String key) {
        if (!plan.sure().contains(entity.substring(0, entity.indexOf('/')))) return Optional.empty();
        var choice = Client.Choice.of(plan, Client.randomOf(plan.seed(), Client.Key.of(key)));
        return Optional.of(plan.requests().toMessage(choice.request()));
    }

    /** How many requests one client sends at most. */
    long countMax() {
        return COMMANDS_MAX / plan.clients();
    }

    Duration interval() {
        return interval;
    }

    boolean isRunning() {
        return isRunning;
    }

    boolean hasGivenUp() {
        return hasGivenUp;
    }

    Plan plan() {
        return plan;
    }

    History history() {
        return history;
    }

    Nodes nodes() {
        return nodes;
    }

    Tally tally() {
        return tally;
    }

    Sender sender() {
        return sender;
    }
}
