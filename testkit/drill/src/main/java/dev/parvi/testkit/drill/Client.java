package dev.parvi.testkit.drill;

import dev.parvi.testkit.drill.Sender.Answer;
import dev.parvi.testkit.drill.Sender.Meaning;
import dev.parvi.testkit.history.History;
import dev.parvi.testkit.history.Operation;
import java.time.Duration;
import java.util.Random;

/**
 * One client: sends commands, and now and then a query, one after the other. A command is sent again with its key, through another
 * node, until it is decided. Each is a function of the seed, the client and a count, so it can be made again.
 */
final class Client implements Runnable {
    private static final int QUERY_ONE_IN = 8;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Workload workload;
    private final Plan plan;
    private final int number;
    private final History history;
    private final Nodes nodes;
    private final Tally tally;
    private final Sender sender;
    private String first = "";

    Client(Workload workload, int number) {
        this.workload = workload;
        this.plan = workload.plan();
        this.number = number;
        this.history = workload.history();
        this.nodes = workload.nodes();
        this.tally = workload.tally();
        this.sender = workload.sender();
    }

    @Override
    public void run() {
        for (var count = 0L; count < workload.countMax() && workload.isRunning(); count++) {
            var begun = System.nanoTime();
            send(new Key(number, count));
            pause(workload.interval().minusNanos(System.nanoTime() - begun));
        }
    }

    /** Sends one request, and sends it to this node first, whatever has become of it. */
    void sendOnce(String node) {
        first = node;
        send(new Key(number, 0));
    }

    private void send(Key key) {
        var random = randomOf(plan.seed(), key);
        var choice = Choice.of(plan, random);
        if (choice.isQuery()) query(choice, random);
        else command(choice, key, random);
    }

    /** The dice of one request. */
    static Random randomOf(long seed, Key key) {
        var mixed = (seed * 1_000_003 + key.client()) * 1_000_003 + key.count();
        // The finalizer of SplitMix64: neighbours among seeds would have the same first numbers.
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return new Random(mixed ^ (mixed >>> 31));
    }

    private void query(Choice choice, Random random) {
        var query = history.query(
                name(), choice.request().type(), choice.id(), choice.request().method());
        var answer = ask(choice, "", random);
        if (answer.meaning() == Meaning.DONE) query.answered(answer.revision());
        else query.refused();
    }

    private void command(Choice choice, Key key, Random random) {
        var request = choice.request();
        var command = history.command(name(), request.type(), choice.id(), request.method(), key.toString());
        tally.begin(key);
        decide(command, choice, random);
        tally.end(key);
    }

    private void decide(Operation command, Choice choice, Random random) {
        while (!workload.hasGivenUp()) {
            var answer = ask(choice, command.key(), random);
            switch (answer.meaning()) {
                case DONE -> {
                    done(command, choice, answer, random);
                    return;
                }
                case REFUSED, FAILED -> {
                    command.refused();
                    return;
                }
                case UNKNOWN -> command.unanswered();
                case LATER -> {}
            }
            pause(PAUSE);
        }
        command.undecided();
    }

    private Answer ask(Choice choice, String key, Random random) {
        var node = first.isEmpty() ? nodes.choose(random) : first;
        first = "";
        var answer = sender.ask(nodes.url(node), choice.request(), choice.id(), key);
        if (answer.status() == 500) tally.odd(answer.told() + " to " + choice);
        if (answer.meaning() == Meaning.REFUSED) tally.refused(answer.told());
        if (answer.meaning() == Meaning.LATER || answer.meaning() == Meaning.UNKNOWN) nodes.avoid(node);
        return answer;
    }

    /** A success says that all is stored; whether there was something to store, only the store can tell. */
    private void done(Operation command, Choice choice, Answer answer, Random random) {
        var type = choice.request().type();
        if (plan.sure().contains(type) || isStored(choice, command.key(), random)) {
            command.acknowledged(answer.revision(), answer.reply(), answer.isReplayed());
            tally.acknowledged(type);
        } else {
            command.answered(answer.revision());
            tally.refused("2xx with nothing to store");
        }
    }

    private boolean isStored(Choice choice, String key, Random random) {
        while (!workload.hasGivenUp()) {
            var node = nodes.choose(random);
            var outcome = sender.outcome(nodes.url(node), choice.request().type(), choice.id(), key);
            if (outcome.meaning() == Meaning.DONE) return true;
            if (outcome.meaning() == Meaning.REFUSED) return false;
            nodes.avoid(node);
            pause(PAUSE);
        }
        return true;
    }

    private String name() {
        return "client " + number;
    }

    private static void pause(Duration time) {
        if (time.isNegative() || time.isZero()) return;
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is asked of which entity: a function of the dice. */
    record Choice(boolean isQuery, String id, Requests.Request request) {
        static Choice of(Plan plan, Random random) {
            var isQuery = plan.requests().hasQueries() && random.nextInt(QUERY_ONE_IN) == 0;
            var id = plan.idPrefix() + random.nextInt(plan.ids());
            return new Choice(
                    isQuery,
                    id,
                    isQuery ? plan.requests().query(random) : plan.requests().command(random));
        }

        @Override
        public String toString() {
            return request.type() + '/' + id + '/' + request.path() + ' ' + request.json();
        }
    }

    /** The idempotency key: it says which command it is. */
    record Key(int client, long count) {
        static Key of(String text) {
            var parts = text.substring(1).split("-", 2);
            return new Key(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
        }

        @Override
        public String toString() {
            return "c" + client + "-" + count;
        }
    }
}
