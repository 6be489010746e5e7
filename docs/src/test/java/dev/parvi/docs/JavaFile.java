package dev.parvi.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;

/** What the rules look at in a Java file, as the compiler's own parser reads it. */
record JavaFile(
        SourceFile source,
        String packageName,
        Set<String> packageAnnotations,
        List<Type> types,
        List<Method> methods,
        List<Integer> ladderLines,
        List<Comment> comments) {

    record Type(String name, int line, boolean isTopLevel, boolean isPublic, boolean isConcrete) {}

    record Method(String type, String name, int line, int lines, int parameters, Set<String> annotations) {}

    record Comment(int line, String text) {
        boolean isJavadoc() {
            return text.startsWith("/**");
        }
    }

    // Strings come first, so that what looks like a comment inside one is not taken for one.
    private static final Pattern STRING_OR_COMMENT = Pattern.compile("\"\"\"[\\s\\S]*?(?<!\\\\)\"\"\""
            + "|\"(?:[^\"\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\n]|\\\\.)*'|(?<comment>//[^\n]*|/\\*[\\s\\S]*?\\*/)");

    static JavaFile parse(SourceFile source) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task = (JavacTask) compiler.getTask(
                null, null, diagnostic -> {}, List.of("-proc:none"), null, List.of(new JavaText(source)));
        try {
            var unit = task.parse().iterator().next();
            var collector = new Collector(unit, Trees.instance(task).getSourcePositions());
            collector.scan(unit, null);
            return new JavaFile(
                    source,
                    String.valueOf(unit.getPackageName()),
                    names(unit.getPackageAnnotations()),
                    collector.types,
                    collector.methods,
                    collector.ladderLines,
                    comments(source));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Comment> comments(SourceFile source) {
        var comments = new ArrayList<Comment>();
        var matcher = STRING_OR_COMMENT.matcher(source.text());
        while (matcher.find())
            if (matcher.group("comment") != null)
                comments.add(new Comment(source.lineAt(matcher.start()), matcher.group("comment")));
        return comments;
    }

    private static Set<String> names(List<? extends AnnotationTree> annotations) {
        return annotations.stream()
                .map(annotation -> annotation.getAnnotationType().toString())
                .collect(Collectors.toSet());
    }

    private static final class Collector extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Type> types = new ArrayList<>();
        private final List<Method> methods = new ArrayList<>();
        private final List<Integer> ladderLines = new ArrayList<>();

        Collector(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            var flags = type.getModifiers().getFlags();
            if (!type.getSimpleName().isEmpty())
                types.add(new Type(
                        type.getSimpleName().toString(),
                        firstLine(type),
                        getCurrentPath().getParentPath().getLeaf() == unit,
                        flags.contains(Modifier.PUBLIC),
                        !flags.contains(Modifier.ABSTRACT) && type.getKind() != Tree.Kind.INTERFACE));
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            var owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            methods.add(new Method(
                    owner.getSimpleName().toString(),
                    method.getName().toString(),
                    firstLine(method),
                    line(positions.getEndPosition(unit, method)) - firstLine(method) + 1,
                    method.getParameters().size(),
                    names(method.getModifiers().getAnnotations())));
            return super.visitMethod(method, null);
        }

        @Override
        public Void visitIf(IfTree first, Void nothing) {
            if (asksForType(first) && first.getElseStatement() instanceof IfTree second && asksForType(second))
                ladderLines.add(firstLine(first));
            return super.visitIf(first, null);
        }

        private static boolean asksForType(IfTree tree) {
            var found = new ArrayList<Tree>();
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitInstanceOf(InstanceOfTree each, Void nothing) {
                    found.add(each);
                    return null;
                }
            }.scan(tree.getCondition(), null);
            return !found.isEmpty();
        }

        private int firstLine(Tree tree) {
            return line(positions.getStartPosition(unit, tree));
        }

        private int line(long position) {
            return (int) unit.getLineMap().getLineNumber(position);
        }
    }
}
