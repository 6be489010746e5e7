package dev.parvi.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import java.text.ParseException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside protobuf's own code, which it must never contradict. */
class TimestampTextTest {
    private static final int MANY = 100_000;
    private static final String MUTATIONS = "0123456789-:.TtZz+ /\u0661\u00e9";

    private final Random random = new Random(4711);

    @Test
    void every_time_is_written_and_read_as_protobuf_does() {
        for (var n = 0; n < MANY; n++) {
            var time = anyTime();
            var text = Timestamps.toString(time);
            assertThat(TimestampText.print(time)).isEqualTo(text);
            assertThat(read(text)).as(text).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "1969-12-31T23:59:59.999Z",
                "2024-02-29T00:00:00Z",
                "2026-07-01T09:30:00.1Z",
                "2026-07-01T09:30:00.123456789Z"
            })
    void the_usual_form_is_read_here(String text) throws ParseException {
        assertThat(read(text)).isEqualTo(Timestamps.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-07-01T09:30:00",
                "2026-07-01T09:30:00.Z",
                "2026-07-01T09:30:00.1234567890Z",
                "2026-07-01T09:30:00.12x4Z",
                "2026-07-01t09:30:00z",
                "2026-07-01T09:30:00+02:00",
                "2026-07-01T24:00:00Z",
                "2026-07-01T09:60:00Z",
                "2026-07-01T09:30:60Z",
                "2026-02-29T09:30:00Z",
                "2026-00-01T09:30:00Z",
                "2026-13-01T09:30:00Z",
                "0000-01-01T00:00:00Z",
                "12026-07-01T09:30:00Z",
                "2026-07-01 09:30:00Z",
                "\u0662\u0660\u0662\u0666-07-01T09:30:00Z"
            })
    void any_other_form_is_left_alone(String text) {
        var builder = Timestamp.newBuilder();
        assertThat(TimestampText.read(text, builder)).isFalse();
        assertThat(builder.build()).isEqualTo(Timestamp.getDefaultInstance());
    }

    @Test
    void what_is_read_here_is_what_protobuf_reads_however_it_is_garbled() throws ParseException {
        for (var n = 0; n < MANY; n++) {
            var text = new StringBuilder(Timestamps.toString(anyTime()));
            for (var mutation = random.nextInt(3); mutation >= 0; mutation--)
                text.setCharAt(random.nextInt(text.length()), MUTATIONS.charAt(random.nextInt(MUTATIONS.length())));
            var builder = Timestamp.newBuilder();
            if (TimestampText.read(text.toString(), builder))
                assertThat(builder.build()).as(text.toString()).isEqualTo(Timestamps.parse(text.toString()));
        }
    }

    @Test
    void what_cannot_be_written_is_left_to_protobuf_to_refuse() {
        assertThat(TimestampText.print(Timestamp.newBuilder().setNanos(-1).build()))
                .isNull();
        assertThat(TimestampText.print(
                        Timestamp.newBuilder().setNanos(1_000_000_000).build()))
                .isNull();
        assertThat(TimestampText.print(Timestamp.newBuilder()
                        .setSeconds(Timestamps.MAX_VALUE.getSeconds() + 1)
                        .build()))
                .isNull();
        assertThat(TimestampText.print(Timestamp.newBuilder()
                        .setSeconds(Timestamps.MIN_VALUE.getSeconds() - 1)
                        .build()))
                .isNull();
        assertThat(TimestampText.print(Duration.getDefaultInstance())).isNull();
        assertThat(TimestampText.read("2026-07-01T09:30:00Z", Duration.newBuilder()))
                .isFalse();
    }

    private static Timestamp read(String text) {
        var builder = Timestamp.newBuilder();
        assertThat(TimestampText.read(text, builder)).as(text).isTrue();
        return builder.build();
    }

    private Timestamp anyTime() {
        var nanos = random.nextInt(1_000_000_000);
        return Timestamp.newBuilder()
                .setSeconds(random.nextLong(Timestamps.MIN_VALUE.getSeconds(), Timestamps.MAX_VALUE.getSeconds() + 1))
                .setNanos(
                        switch (random.nextInt(4)) {
                            case 0 -> 0;
                            case 1 -> nanos / 1_000_000 * 1_000_000;
                            case 2 -> nanos / 1_000 * 1_000;
                            default -> nanos;
                        })
                .build();
    }
}
