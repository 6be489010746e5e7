package dev.parvi.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.client.SseParser.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SseParserTest {
    private final List<Frame> frames = new ArrayList<>();
    private final SseParser parser = new SseParser(frames::add);

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void it_does_not_matter_how_the_bytes_arrive(String end) {
        var text =
                "retry: 250||: a comment|id: 7|data: größe|data:  2|||id:8|data|future: x||data:9||id: lost|data: lost"
                        .replace("|", end);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (var step = 1; step <= bytes.length; step++) {
            frames.clear();
            var fresh = new SseParser(frames::add);
            for (var at = 0; at < bytes.length; at += step)
                fresh.feed(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));

            assertThat(frames).containsExactly(new Frame("7", "größe\n 2"), new Frame("8", ""), new Frame("", "9"));
            assertThat(fresh.retry()).isEqualTo(Duration.ofMillis(250));
        }
    }

    @Test
    void a_pause_that_is_no_number_is_passed_over() {
        parser.feed(ByteBuffer.wrap(
                "retry: 20\nretry: soon\nretry:\nretry: -5\nretry: 99999999999\n\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(parser.retry()).isEqualTo(Duration.ofMillis(20));
    }
}
