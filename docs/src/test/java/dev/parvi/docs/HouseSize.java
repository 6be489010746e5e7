package dev.parvi.docs;

import static java.util.stream.Collectors.groupingBy;

import dev.parvi.docs.Finding.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The rules for many files at once: how big a module or a package may grow, and what every package must have. */
final class HouseSize {
    private static final int PUBLIC_TYPES_MAX = 12;
    private static final int PACKAGE_TYPES_MAX = 25;

    private HouseSize() {}

    /** Everything that is wrong with these files together. Files that are not main code are ignored. */
    static List<Finding> check(List<JavaFile> files) {
        var main = files.stream().filter(file -> file.source().isMain()).toList();
        var findings = new ArrayList<Finding>();
        new TreeMap<>(main.stream().collect(groupingBy(file -> file.source().module())))
                .forEach((module, itsFiles) -> checkModule(module, itsFiles, findings));
        new TreeMap<>(main.stream().collect(groupingBy(HouseSize::folder)))
                .forEach((folder, itsFiles) -> checkPackage(folder, itsFiles, findings));
        return findings;
    }

    private static void checkModule(String module, List<JavaFile> files, List<Finding> findings) {
        var publicTypes =
                topLevelTypes(files).stream().filter(JavaFile.Type::isPublic).count();
        if (publicTypes > PUBLIC_TYPES_MAX)
            findings.add(new Finding(
                    Rule.TOO_MANY_PUBLIC_TYPES, module, 1, publicTypes + " public types, at most " + PUBLIC_TYPES_MAX));
        var packages =
                files.stream().map(JavaFile::packageName).distinct().sorted().toList();
        // Each sample is a whole of its own; everywhere else a module is one package.
        if (packages.size() > 1 && !module.equals("samples"))
            findings.add(new Finding(Rule.PACKAGES_AS_FOLDERS, module, 1, "more than one package: " + packages));
    }

    private static void checkPackage(String folder, List<JavaFile> files, List<Finding> findings) {
        var types = topLevelTypes(files).size();
        if (types > PACKAGE_TYPES_MAX)
            findings.add(new Finding(
                    Rule.TOO_MANY_TYPES_IN_PACKAGE, folder, 1, types + " types, at most " + PACKAGE_TYPES_MAX));
        var isExplained = files.stream()
                .filter(file -> file.source().path().endsWith("/package-info.java"))
                .anyMatch(file -> file.packageAnnotations().contains("NullMarked")
                        && file.comments().stream().anyMatch(JavaFile.Comment::isJavadoc));
        if (!isExplained)
            findings.add(new Finding(
                    Rule.PACKAGE_WITHOUT_INFO,
                    folder,
                    1,
                    "needs a @NullMarked package-info that says what to read first"));
    }

    private static List<JavaFile.Type> topLevelTypes(List<JavaFile> files) {
        return files.stream()
                .flatMap(file -> file.types().stream())
                .filter(JavaFile.Type::isTopLevel)
                .toList();
    }

    private static String folder(JavaFile file) {
        var path = file.source().path();
        return path.substring(0, path.lastIndexOf('/'));
    }
}
