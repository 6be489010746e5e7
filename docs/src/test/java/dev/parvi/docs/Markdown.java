package dev.parvi.docs;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a page promises and a test can hold it to: its links, its commands and its snippets. */
record Markdown(SourceFile source) {
    private static final Pattern BLOCK = Pattern.compile(
            "(?:<!-- from (?<origin>\\S+) -->\\n)?^```(?<language>\\w*)\\n(?<text>[\\s\\S]*?)^```$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\((?<target>[^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (?<title>.*)$", Pattern.MULTILINE);

    /**
     * A fenced block.
     *
     * @param origin the file that it is taken from, or an empty string
     */
    record Block(String language, String origin, int line, String text) {}

    /** What somebody types, and the lines that the page shows below it. */
    record Command(String text, List<String> shown) {}

    List<Block> blocks() {
        return BLOCK.matcher(source.text())
                .results()
                .map(found -> new Block(
                        found.group(2),
                        found.group(1) == null ? "" : found.group(1),
                        source.lineAt(found.start()),
                        found.group(3)))
                .toList();
    }

    /** The commands of all {@code console} blocks, in order. */
    List<Command> commands() {
        var commands = new ArrayList<Command>();
        for (var block : blocks()) {
            if (!block.language().equals("console")) continue;
            for (var line : block.text().replace("\\\n", "").lines().toList()) {
                if (line.startsWith("$ ")) commands.add(new Command(line.substring(2), new ArrayList<>()));
                else commands.get(commands.size() - 1).shown().add(line);
            }
        }
        return commands;
    }

    /** Links into the repository that lead nowhere. */
    List<String> deadLinks(Repository repository) {
        var prose = BLOCK.matcher(source.text()).replaceAll("");
        return LINK.matcher(prose)
                .results()
                .map(found -> found.group(1))
                .filter(target -> !target.matches("\\w+:.*"))
                .filter(target -> !leadsSomewhere(target, repository))
                .toList();
    }

    /** Snippets, by line, that do not stand in the file that they are said to be from. */
    List<String> strayBlocks(Repository repository) {
        return blocks().stream()
                .filter(block -> !block.origin().isEmpty())
                .filter(block -> !repository.has(block.origin())
                        || !standsIn(
                                block.text(), repository.file(block.origin()).text()))
                .map(block -> source.path() + ":" + block.line() + " is not in " + block.origin())
                .toList();
    }

    private boolean leadsSomewhere(String target, Repository repository) {
        var parts = target.split("#", 2);
        var base = source.path().contains("/") ? source.path().replaceFirst("[^/]*$", "") : "";
        var path = parts[0].isEmpty()
                ? source.path()
                : URI.create("/" + base).resolve(parts[0]).getPath().substring(1);
        var isFolder =
                repository.files().stream().anyMatch(file -> file.path().startsWith(path.replaceFirst("/?$", "/")));
        if (!repository.has(path)) return isFolder && parts.length == 1;
        return parts.length == 1
                || new Markdown(repository.file(path)).anchors().contains(parts[1]);
    }

    private Set<String> anchors() {
        return HEADING.matcher(source.text())
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** A line of three dots leaves something out; indentation is the page's own. */
    private static boolean standsIn(String snippet, String text) {
        var at = 0;
        var flat = flat(text);
        for (var part : snippet.split("(?m)^\\s*(?://\\s*)?\\.\\.\\.\\s*$", -1)) {
            var found = flat.indexOf(flat(part), at);
            if (found < 0) return false;
            at = found + flat(part).length();
        }
        return true;
    }

    private static String flat(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
