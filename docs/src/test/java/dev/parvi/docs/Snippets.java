package dev.parvi.docs;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles a few lines of Java, so that a rule can be shown a class that breaks it, in the package where it would. */
final class Snippets {
    private static final Pattern NAME =
            Pattern.compile("package ([\\w.]+);[\\s\\S]*?\\b(?:class|record|interface|enum) (\\w+)");

    private Snippets() {}

    static JavaClasses compile(Path directory, String... sources) {
        var errors = new StringWriter();
        var options =
                List.of("-d", directory.toString(), "-proc:none", "-cp", System.getProperty("java.class.path", ""));
        var compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        errors,
                        null,
                        null,
                        options,
                        null,
                        Stream.of(sources).map(Snippets::text).toList())
                .call();
        if (!compiled) throw new IllegalArgumentException(errors.toString());
        return new ClassFileImporter().importPath(directory);
    }

    private static JavaText text(String source) {
        var name = NAME.matcher(source);
        if (!name.find()) throw new IllegalArgumentException("no package or no type in " + source);
        return new JavaText(SourceFile.of(name.group(1).replace('.', '/') + "/" + name.group(2) + ".java", source));
    }
}
