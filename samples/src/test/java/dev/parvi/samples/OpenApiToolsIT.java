package dev.parvi.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parvi.testkit.TestNode;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others' tools make of the document of a real node: a client that compiles and works, and nothing to complain about. */
@Timeout(180)
final class OpenApiToolsIT {
    private static final String REDOCLY = "@redocly/cli@2.77.0";
    /** Where Maven puts the generator, and the jars that its clients need. */
    private static final Path JARS = Path.of("target", "openapi-generator");

    private static final Path CALLER = Path.of("src", "test", "resources", "openapi-generator", "Caller.java");

    @TempDir
    static Path folder;

    private static TestNode node;
    private static Path document;

    @BeforeAll
    static void start() throws IOException {
        node = TestNode.start(folder.resolve("data")).awaitReady();
        var answer = TestNode.send("GET", node.url() + "/openapi.json", "");
        document = Files.writeString(folder.resolve("openapi.json"), answer.body());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void a_client_that_openapi_generator_makes_compiles_and_works() throws IOException, ReflectiveOperationException {
        var sources = generate();
        var classes = compile(sources);

        try (var loader = new URLClassLoader(urls(classes), ClassLoader.getPlatformClassLoader())) {
            @SuppressWarnings("unchecked") // it is the only way in, and the class is ours
            var caller = (Function<String, List<String>>)
                    loader.loadClass("Caller").getConstructor().newInstance();
            assertThat(caller.apply(node.url()))
                    .containsExactly(
                            "deposit 40",
                            "retry 40",
                            "balance 40",
                            "outcome Deposit of 40",
                            "event 40",
                            "refused 409 failed-precondition",
                            "free [2026-06-30, 2026-07-01]",
                            "at 61.5");
        }
    }

    @Test
    void redocly_finds_nothing_to_complain_about() throws IOException {
        var version = run("redocly-version", "npx", "--yes", REDOCLY, "--version");
        assumeTrue(
                version.exitCode == 0,
                "skipped, not passed: npx is missing, install Debian's npm; or it cannot fetch " + REDOCLY
                        + version.errors());

        // The entities are their author's, and so is the licence.
        var lint = run(
                "redocly",
                "npx",
                "--yes",
                REDOCLY,
                "lint",
                "--extends=recommended",
                "--skip-rule=info-license",
                "--format=json",
                document.toString());
        assertThat(lint.output()).as(lint.errors()).startsWith("{");
        var totals = new ObjectMapper().readTree(lint.output()).path("totals");
        assertThat(totals.path("errors").asInt(-1)).as(lint.output()).isZero();
        assertThat(totals.path("warnings").asInt(-1)).as(lint.output()).isZero();
    }

    private static Path generate() throws IOException {
        var client = folder.resolve("client");
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var generated = run(
                "generator",
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                jars(true).get(0).toString(),
                "org.openapitools.codegen.OpenAPIGenerator",
                "generate",
                "--generator-name=java",
                "--library=native",
                "--input-spec=" + document,
                "--output=" + client,
                "--additional-properties=openApiNullable=false,useJakartaEe=true",
                "--invoker-package=dev.example.client",
                "--api-package=dev.example.client.api",
                "--model-package=dev.example.client.model",
                "--global-property=apis,models,supportingFiles,"
                        + "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false");
        assertThat(generated.exitCode)
                .as(generated.output() + generated.errors())
                .isZero();
        return client.resolve("src/main/java");
    }

    private static Path compile(Path sources) throws IOException {
        var classes = Files.createDirectories(folder.resolve("classes"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null);
                var found = Files.walk(sources)) {
            var all = new ArrayList<>(
                    found.filter(file -> file.toString().endsWith(".java")).toList());
            assertThat(all).hasSizeGreaterThan(50);
            all.add(CALLER);
            var classPath = String.join(
                    File.pathSeparator, jars(false).stream().map(Path::toString).toList());
            var options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath);
            var told = new StringWriter();
            var isDone = compiler.getTask(told, files, null, options, null, files.getJavaFileObjectsFromPaths(all))
                    .call();
            assertThat(isDone).as(told.toString()).isTrue();
        }
        return classes;
    }

    /** The generator, or all the others. */
    private static List<Path> jars(boolean areGenerator) throws IOException {
        assertThat(JARS).as("Maven copies it before this test: run verify").isDirectory();
        try (var jars = Files.list(JARS)) {
            return jars.filter(jar -> jar.toString().contains("openapi-generator-cli") == areGenerator)
                    .toList();
        }
    }

    private static URL[] urls(Path classes) throws IOException {
        var all = new ArrayList<>(jars(false));
        all.add(classes);
        return all.stream().map(OpenApiToolsIT::url).toArray(URL[]::new);
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /** Runs a program for at most 90 seconds. */
    private static Ended run(String name, String... command) throws IOException {
        var output = folder.resolve(name + ".out");
        var errors = folder.resolve(name + ".err");
        var builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().put("REDOCLY_TELEMETRY", "off");
        builder.environment().put("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        Process process;
        try {
            process = builder.start();
        } catch (IOException missing) {
            Files.writeString(errors, missing.getMessage());
            return new Ended(127, output, errors);
        }
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS))
                    .as(name + " takes too long")
                    .isTrue();
            return new Ended(process.exitValue(), output, errors);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** A program that has ended, and where it wrote to. */
    private record Ended(int exitCode, Path out, Path err) {
        String output() throws IOException {
            return Files.exists(out) ? Files.readString(out) : "";
        }

        String errors() throws IOException {
            return Files.readString(err);
        }
    }
}
