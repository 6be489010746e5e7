package dev.parvi.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Types the commands of a page, one after the other. {@code ./parvi run} and {@code ./parvi cluster} stay in the background, on
 * free ports and in a folder of the test's own; where the page shows a port or a pid, later commands get the real one.
 */
final class Terminal implements AutoCloseable {
    /** What a node says when it serves: of a cluster, on a terminal, in a log. */
    private static final Pattern NODE =
            Pattern.compile("(?:node \\d+ +pid (\\d+) +|clients +|Ready at )http://[\\w.-]+:(\\d+)");

    private static final Pattern SHOWN_NUMBER = Pattern.compile("((?:localhost|127\\.0\\.0\\.1):|kill -9 )(\\d+)");
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    private final Path root;
    private final Path directory;
    private final List<Process> started = new ArrayList<>();
    private final List<Long> nodes = new ArrayList<>();
    private final Map<String, String> ports = new HashMap<>();
    private final Map<String, String> pids = new HashMap<>();

    /** A terminal in the repository's {@code root}; data and output go to {@code directory}. */
    Terminal(Path root, Path directory) {
        this.root = root;
        this.directory = directory;
    }

    void type(Markdown.Command command) {
        var since = System.nanoTime();
        if (command.text().startsWith("./parvi ")) start(command);
        else expect(command);
        var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        System.out.println("$ " + command.text() + "   # as shown, after " + millis + " ms");
    }

    private void start(Markdown.Command command) {
        var output = directory.resolve("output-" + started.size() + ".txt");
        var words = Stream.concat(
                        Stream.of(command.text().split(" +", -1)),
                        Stream.of("--port", "0", "--management-port", "0", "--data", directory.resolve("data") + ""))
                .toList();
        try {
            started.add(new ProcessBuilder(words)
                    .directory(root.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        var shown = nodesIn(String.join("\n", command.shown()));
        var said = awaitNodes(output, shown.size());
        for (var each = 0; each < shown.size(); each++) {
            ports.put(shown.get(each).port(), said.get(each).port());
            var pid = said.get(each).pid().isEmpty()
                    ? lonelyNode()
                    : said.get(each).pid();
            pids.put(shown.get(each).pid(), pid);
            nodes.add(Long.valueOf(pid));
        }
    }

    /** A node that is alone does not say its pid; the page sends its reader to jps. */
    private String lonelyNode() {
        var process = started.get(started.size() - 1);
        var javas = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(each -> each.info().command().orElse("").endsWith("/java"))
                .toList();
        assertThat(javas).as("the JVM of " + process.info()).hasSize(1);
        return Long.toString(javas.get(0).pid());
    }

    private List<Node> awaitNodes(Path output, int count) {
        var process = started.get(started.size() - 1);
        var end = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            var said = read(output);
            if (nodesIn(said).size() >= count) return nodesIn(said);
            assertThat(process.isAlive()).as("it ended:\n" + said).isTrue();
            assertThat(System.nanoTime())
                    .as("no node within " + START_LIMIT + ":\n" + said)
                    .isLessThan(end);
            pause();
        }
    }

    /** A node that is starting or taking over may need a moment; every command of the page is safe to repeat. */
    private void expect(Markdown.Command command) {
        var text = SHOWN_NUMBER
                .matcher(command.text())
                .replaceAll(found -> found.group(1) + real(found.group(1), found.group(2)))
                .replaceFirst("^curl ", "curl -sS --max-time 30 ");
        var end = System.nanoTime() + ANSWER_LIMIT.toNanos();
        while (true) {
            var result = Shell.run(root, ANSWER_LIMIT, "bash", "-c", text);
            if (result.exitCode() == 0 && shows(result.output(), command.shown())) return;
            assertThat(System.nanoTime())
                    .as("$ " + text + "\nshould show " + command.shown() + "\nand shows " + result.output())
                    .isLessThan(end);
            pause();
        }
    }

    /** Never the page's own number: on this machine it may be somebody else's process. */
    private String real(String before, String shown) {
        var number = before.startsWith("kill") ? pids.getOrDefault(shown, pids.get("")) : ports.get(shown);
        if (number == null) throw new AssertionError("no node of the page shows " + shown);
        return number;
    }

    /** Whether the output has these lines, in this order, blanks aside. */
    static boolean shows(String output, List<String> lines) {
        var rest = new ArrayList<>(lines);
        for (var line : output.lines().toList())
            if (!rest.isEmpty() && flat(line).equals(flat(rest.get(0)))) rest.remove(0);
        return rest.isEmpty();
    }

    private static String flat(String line) {
        return line.replaceAll("\\s", "");
    }

    private record Node(String pid, String port) {}

    private static List<Node> nodesIn(String text) {
        return NODE.matcher(text)
                .results()
                .map(found -> new Node(found.group(1) == null ? "" : found.group(1), found.group(2)))
                .toList();
    }

    private static String read(Path output) {
        try {
            return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Ctrl-C on everything that runs; whoever is left after that is killed, and that is a failure. */
    @Override
    public void close() {
        started.forEach(Process::destroy);
        var end = System.nanoTime() + STOP_LIMIT.toNanos();
        while (living().findAny().isPresent() && System.nanoTime() < end) pause();
        var left = living().toList();
        left.forEach(ProcessHandle::destroyForcibly);
        assertThat(left).as("still there " + STOP_LIMIT + " after Ctrl-C").isEmpty();
    }

    private Stream<ProcessHandle> living() {
        var ours = started.stream()
                .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()));
        var printed = nodes.stream().flatMap(pid -> ProcessHandle.of(pid).stream());
        return Stream.concat(ours, printed).distinct().filter(ProcessHandle::isAlive);
    }
}
