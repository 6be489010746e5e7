package dev.parvi.persistence.pekkojournal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.pekkojournal.PekkoJournalSettings.Filter;
import dev.parvi.persistence.pekkojournal.PekkoJournalSettings.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What cannot be had from the plugin in a short time: other settings, and memory. */
class HistoryTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void without_gap_free_numbers_replay_goes_on_behind_a_gap() {
        var history = history(Mode.REPAIR_BY_DISCARD_OLD, false);
        history.onPartition();
        feed(history, "a1", "a2", "a5", "a6");
        history.end();
        assertThat(told).containsExactly("a1 KEPT", "a2 KEPT", "gap 3-4", "a5 KEPT", "a6 KEPT");
    }

    @Test
    void a_filter_that_fails_ends_the_replay() {
        var history = history(Mode.FAIL, true);
        history.onPartition();
        feed(history, "a1", "a2", "b2", "b3");
        history.end();
        assertThat(told).containsExactly("a1 KEPT", "a2 NOT_REACHED", "b2 NOT_REACHED", "b3 NOT_REACHED");
    }

    @Test
    void a_filter_that_only_warns_delivers_both() {
        var history = history(Mode.WARN, true);
        history.onPartition();
        feed(history, "a1", "b1", "a2");
        history.end();
        assertThat(told).containsExactly("a1 KEPT", "b1 KEPT", "a2 KEPT");
    }

    @Test
    void what_is_decided_is_told_at_once_and_not_kept() {
        var history = history(Mode.REPAIR_BY_DISCARD_OLD, true);
        history.onPartition();
        LongStream.rangeClosed(1, 50).forEach(number -> {
            history.onRow(event("a", number));
            assertThat(told).hasSize((int) number - 1);
        });
    }

    private History history(Mode mode, boolean gapFree) {
        var settings = new PekkoJournalSettings("m", "d", 5, new Filter(mode, 100, 10), gapFree, 1, 1);
        return new History(0, settings, new History.Sink() {
            @Override
            public void onRow(JournalEvent event, Fate fate) {
                told.add(event.writer() + event.sequenceNr() + " " + fate);
            }

            @Override
            public void onGap(long from, long to) {
                told.add("gap " + from + "-" + to);
            }
        });
    }

    private static void feed(History history, String... rows) {
        for (var row : rows) history.onRow(event(row.substring(0, 1), Long.parseLong(row.substring(1))));
    }

    private static JournalEvent event(String writer, long number) {
        return new JournalEvent("id", number, new UUID(0x1000, 0), writer, 20, "", "", ByteString.EMPTY);
    }
}
