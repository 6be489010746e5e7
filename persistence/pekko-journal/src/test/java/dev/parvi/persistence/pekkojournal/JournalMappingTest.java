package dev.parvi.persistence.pekkojournal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import dev.parvi.persistence.pekkojournal.JournalMapping.Target;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalMappingTest {
    @TempDir
    Path folder;

    @Test
    void the_mapping_that_a_jar_names_is_found() throws IOException {
        try (var loader = naming(First.class.getName())) {
            assertThat(JournalMapping.find(loader)).isInstanceOf(First.class);
        }
    }

    @Test
    void none_or_several_end_in_a_sentence() throws IOException {
        assertThatThrownBy(() -> JournalMapping.find(getClass().getClassLoader()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no JournalMapping: put a jar with a META-INF/services/");
        try (var loader = naming(First.class.getName() + "\n" + Second.class.getName())) {
            assertThatThrownBy(() -> JournalMapping.find(loader))
                    .hasMessageStartingWith("there is more than one JournalMapping: ")
                    .hasMessageContaining("$Second");
        }
    }

    @Test
    void an_entity_must_have_a_name_that_an_address_can_have() {
        assertThat(new Target("account", "a/b").persistenceId()).isEqualTo("account/a/b");
        assertThatThrownBy(() -> new Target(".cluster", "x")).hasMessageContaining("no entity type");
        assertThatThrownBy(() -> new Target("a/b", "x")).hasMessageContaining("no entity type");
        assertThatThrownBy(() -> new Target("account", "")).hasMessageContaining("without an id");
    }

    private URLClassLoader naming(String lines) throws IOException {
        var services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(JournalMapping.class.getName()), lines);
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
    }

    public static final class First extends Nothing {}

    public static final class Second extends Nothing {}

    private abstract static class Nothing implements JournalMapping {
        @Override
        public Optional<Target> entity(String persistenceId) {
            return Optional.empty();
        }

        @Override
        public Message event(Target entity, JournalEvent stored) {
            return StringValue.getDefaultInstance();
        }
    }
}
