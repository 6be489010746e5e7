package dev.parvi.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The folder that this build builds, and those of its files that are, or would be, under version control. */
record Repository(Path root, List<SourceFile> files) {

    static Repository ofThisBuild() {
        var here = Path.of("").toAbsolutePath();
        var base = Stream.iterate(here, Objects::nonNull, Path::getParent)
                .filter(folder -> Files.exists(folder.resolve("mvnw")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(here + " is not inside a checkout of Parvi"));
        return new Repository(
                base,
                paths(base)
                        .filter(path -> Files.isRegularFile(base.resolve(path)))
                        .map(path -> read(base, path))
                        .toList());
    }

    boolean has(String path) {
        return files.stream().anyMatch(file -> file.path().equals(path));
    }

    SourceFile file(String path) {
        return files.stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the repository has no " + path));
    }

    /** Git knows best; someone who builds from an archive has none, and what is built there lies in target and data. */
    private static Stream<String> paths(Path root) {
        var listed = Shell.run(
                root, Duration.ofSeconds(30), "git", "ls-files", "-z", "-co", "--exclude-standard", "--", ".");
        if (listed.exitCode() == 0)
            return Stream.of(listed.output().split("\0")).filter(path -> !path.isEmpty());
        try (var all = Files.walk(root)) {
            return all
                    .filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString())
                    .filter(path -> !path.matches("(.*/)?(target|data|\\.git|\\.idea)/.*"))
                    .toList()
                    .stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static SourceFile read(Path root, String path) {
        try {
            return SourceFile.of(path, Files.readAllBytes(root.resolve(path)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
