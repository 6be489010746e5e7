package dev.parvi.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.Entity;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class ServicesTest {
    @Test
    void every_sample_is_found_on_the_class_path() {
        assertThat(ServiceLoader.load(Entity.class).stream()
                        .map(found -> found.get().type().name()))
                .containsExactlyInAnyOrder("account", "room", "driver", "playback");
    }
}
