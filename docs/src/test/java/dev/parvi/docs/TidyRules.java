package dev.parvi.docs;

import dev.parvi.docs.Finding.Rule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules for one file. They see text, so they hold for every file that people write, whatever its language. */
final class TidyRules {
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final int MAIN_LINES_MAX = 400;
    private static final int SAMPLE_LINES_MAX = 150;
    private static final int TEST_LINES_MAX = 600;
    private static final int METHOD_LINES_MAX = 40;

    // Put together from parts, or this file would break its own rule.
    private static final Pattern MACHINE =
            Pattern.compile("(?<![\\w./}-])/(?:" + "work|root|tmp|home|Users" + ")/[\\w.]"
                    + "|\\b(?:repo1?\\.maven|repo\\.maven\\.apache|registry\\.npmjs|proxy\\.golang)\\.(?:org|com)"
                    + "|\\b[\\w.-]*(?:artifactory|nexus)[\\w-]*\\.[\\w-]+\\.|\\.(?:internal|corp|lan)\\b[:/]");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final Pattern BANNER = Pattern.compile("^\\s*(?://|#|/\\*+|<!--)\\s*[-=*#~_/+]{3,}");
    private static final Pattern CODE = Pattern.compile("^(?:return|throw|import|package|break|continue)\\b.*;$"
            + "|^.*(?:\\w\\(.*\\)|\\s=\\s).*;$|^(?:.*[\\w)>] |)\\{$|^}.*|^@\\w+(?:\\(.*\\))?$");
    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*Impl|(?:Default|Base)[A-Z].*|.*(?:Manager|Helper|Util|Utils)");
    private static final Pattern SENTENCE = Pattern.compile("[a-z][a-z0-9]*(?:_[a-z0-9]+)+");
    private static final Pattern TEST_CLASS = Pattern.compile(".*(?:Test|IT|Scenario)");
    private static final List<String> TEST_ANNOTATIONS =
            List.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "Property", "Example", "FuzzTest");

    private TidyRules() {}

    /** Everything that is wrong with one file, seen as text. */
    static List<Finding> check(SourceFile file) {
        var findings = new ArrayList<Finding>();
        if (file.sizeBytes() > FILE_BYTES_MAX)
            findings.add(new Finding(Rule.FILE_TOO_BIG, file.path(), 1, file.sizeBytes() + " bytes"));
        if (!file.isText()) return findings;
        if (!file.text().isEmpty() && !file.text().endsWith("\n"))
            findings.add(new Finding(Rule.NO_NEWLINE_AT_END, file.path(), file.lines(), "the last line has no end"));
        var machine = MACHINE.matcher(file.text());
        while (machine.find())
            findings.add(new Finding(
                    Rule.NAMES_A_MACHINE,
                    file.path(),
                    file.lineAt(machine.start()),
                    machine.group() + " exists here only"));
        if (file.isShell()) checkShell(file, findings);
        if (!file.isJava() && !file.path().endsWith(".md")) checkLines(file, findings);
        return findings;
    }

    /** Everything that is wrong with one Java file. */
    static List<Finding> check(JavaFile file) {
        var findings = new ArrayList<Finding>();
        checkSize(file, findings);
        file.comments().forEach(comment -> checkComment(file, comment, findings));
        for (var type : file.types())
            if (EMPTY_NAME.matcher(type.name()).matches())
                findings.add(
                        finding(Rule.EMPTY_NAME, file, type.line(), type.name() + " says nothing of what it does"));
        for (var line : file.ladderLines())
            findings.add(
                    finding(Rule.INSTANCEOF_LADDER, file, line, "give the sealed type a fold, or register handlers"));
        if (file.source().isMain()) checkAccessors(file, findings);
        else checkTests(file, findings);
        return findings;
    }

    private static void checkShell(SourceFile file, List<Finding> findings) {
        var checked = Shell.run(Path.of(""), Duration.ofSeconds(10), "bash", "-n", "-c", file.text());
        if (checked.exitCode() != 0)
            findings.add(new Finding(
                    Rule.SHELL_SYNTAX, file.path(), 1, checked.output().strip()));
    }

    private static void checkLines(SourceFile file, List<Finding> findings) {
        var number = 0;
        for (var line : file.text().lines().toList()) {
            number++;
            if (UNFINISHED.matcher(line).find())
                findings.add(new Finding(Rule.UNFINISHED, file.path(), number, "finish it, or write an issue"));
            if (BANNER.matcher(line).find())
                findings.add(new Finding(Rule.BANNER_COMMENT, file.path(), number, "a banner hides what it decorates"));
        }
    }

    private static void checkSize(JavaFile file, List<Finding> findings) {
        var lines = file.source().lines();
        var linesMax = !file.source().isMain()
                ? TEST_LINES_MAX
                : file.source().module().equals("samples") ? SAMPLE_LINES_MAX : MAIN_LINES_MAX;
        if (lines > linesMax) findings.add(finding(Rule.FILE_TOO_LONG, file, 1, lines + " lines, at most " + linesMax));
        if (!file.source().isMain()) return;
        for (var method : file.methods())
            if (method.lines() > METHOD_LINES_MAX)
                findings.add(finding(
                        Rule.METHOD_TOO_LONG,
                        file,
                        method.line(),
                        method.name() + " has " + method.lines() + " lines, at most " + METHOD_LINES_MAX));
    }

    private static void checkComment(JavaFile file, JavaFile.Comment comment, List<Finding> findings) {
        if (UNFINISHED.matcher(comment.text()).find())
            findings.add(finding(Rule.UNFINISHED, file, comment.line(), "finish it, or write an issue"));
        if (comment.text().contains("@" + "author"))
            findings.add(finding(Rule.AUTHOR_TAG, file, comment.line(), "git knows who wrote it"));
        if (BANNER.matcher(comment.text()).find())
            findings.add(finding(Rule.BANNER_COMMENT, file, comment.line(), "a banner hides what it decorates"));
        if (comment.isJavadoc()) return;
        var words = comment.text().replaceAll("^/[/*]+|\\*/$", "");
        if (words.lines()
                .map(line -> line.replaceFirst("^\\s*\\*?", "").strip())
                .anyMatch(CODE.asMatchPredicate()))
            findings.add(finding(Rule.COMMENTED_OUT_CODE, file, comment.line(), "delete it, git keeps it"));
    }

    private static void checkAccessors(JavaFile file, List<Finding> findings) {
        for (var method : file.methods())
            if (method.name().matches("get[A-Z].*")
                    && method.parameters() == 0
                    && !method.annotations().contains("Override"))
                findings.add(
                        finding(Rule.GET_ACCESSOR, file, method.line(), "leave the get of " + method.name() + " away"));
    }

    private static void checkTests(JavaFile file, List<Finding> findings) {
        for (var method : file.methods()) {
            if (method.annotations().stream().noneMatch(TEST_ANNOTATIONS::contains)) continue;
            if (!SENTENCE.matcher(method.name()).matches())
                findings.add(finding(Rule.TEST_NAME, file, method.line(), method.name() + " is not a_sentence"));
            var top = file.types().get(0);
            if (top.isConcrete() && !TEST_CLASS.matcher(top.name()).matches())
                findings.add(finding(
                        Rule.TEST_CLASS_NAME, file, 1, top.name() + " would not be run: *Test, *IT, *Scenario"));
        }
    }

    private static Finding finding(Rule rule, JavaFile file, int line, String what) {
        return new Finding(rule, file.source().path(), line, what);
    }
}
