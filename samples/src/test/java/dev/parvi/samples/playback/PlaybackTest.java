package dev.parvi.samples.playback;

import static dev.parvi.entity.Rejection.Code.DELETED;
import static dev.parvi.entity.Rejection.Code.INVALID_ARGUMENT;
import static dev.parvi.entity.Rejection.Code.NOT_FOUND;
import static dev.parvi.samples.playback.PlaybackEntity.finished;
import static dev.parvi.samples.playback.PlaybackEntity.forgotten;
import static dev.parvi.samples.playback.PlaybackEntity.watched;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import dev.parvi.entity.Rejection;
import dev.parvi.testkit.EntityScenario;
import dev.parvi.testkit.InMemoryEntities;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlaybackTest {
    private final EntityScenario<PlaybackState, PlaybackEvent> viewer = EntityScenario.of(new Playback());

    @Test
    void a_title_goes_on_where_it_was_left() {
        viewer.when("Watch", watch("alien", 600))
                .thenEvents(watched(progress("alien", 600)))
                .when("Resume", resume("alien"))
                .thenReply(progress("alien", 600));
    }

    @Test
    void an_unknown_title_starts_at_its_beginning() {
        viewer.when("Resume", resume("alien"))
                .thenReply(Progress.newBuilder().setTitleId("alien").build());
    }

    @Test
    void a_small_step_is_not_worth_an_event() {
        viewer.given(watched(progress("alien", 600)))
                .when("Watch", watch("alien", 604))
                .thenNoEvents()
                .thenReply(progress("alien", 600))
                .when("Watch", watch("alien", 605))
                .thenReply(progress("alien", 605))
                .thenRevision(2);
    }

    @Test
    void the_title_watched_last_comes_first() {
        viewer.given(watched(progress("alien", 600)), watched(progress("brazil", 60)))
                .when("Watch", watch("alien", 600))
                .when("Get", GetRequest.getDefaultInstance())
                .thenReply(titles(progress("alien", 600), progress("brazil", 60)));
    }

    @Test
    void a_title_seen_to_its_end_leaves_the_list() {
        viewer.given(watched(progress("alien", 600)))
                .when("Watch", watch("alien", 950))
                .thenEvents(finished("alien"))
                .thenState(PlaybackState.getDefaultInstance())
                .when("Watch", watch("alien", 960))
                .thenNoEvents();
    }

    @Test
    void a_viewer_who_leaves_is_gone_for_good() {
        viewer.given(watched(progress("alien", 600)))
                .withKey("goodbye")
                .whenDeleted()
                .thenDeleted()
                .thenNoEvents()
                .thenState(PlaybackState.getDefaultInstance())
                .when("Watch", watch("alien", 700))
                .thenRejected(DELETED)
                .when("Get", GetRequest.getDefaultInstance())
                .thenRejected(DELETED)
                .withKey("goodbye")
                .whenDeleted()
                .thenReply(Empty.getDefaultInstance())
                .whenDeleted()
                .thenRejected(DELETED)
                .thenRevision(2);
    }

    @Test
    void a_client_deletes_a_viewer() {
        var viewers = PlaybackClient.of(InMemoryEntities.of(Clock.systemUTC(), new Playback()));
        viewers.watch("eve", watch("alien", 600)).join();

        viewers.withKey("goodbye").delete("eve").join();
        viewers.withKey("goodbye").delete("eve").join();
        assertThatThrownBy(() -> viewers.watch("eve", watch("alien", 700)).join())
                .hasCauseInstanceOf(Rejection.class)
                .hasMessageContaining("was deleted");
        assertThat(viewers.resume("adam", resume("alien")).join().getTitleId()).isEqualTo("alien");
    }

    @Test
    void a_title_can_be_forgotten() {
        viewer.given(watched(progress("alien", 600)))
                .when("Forget", forget("alien"))
                .thenEvents(forgotten("alien"))
                .thenReply(Titles.getDefaultInstance())
                .when("Forget", forget("alien"))
                .thenRejected(NOT_FOUND, "title_id");
    }

    @Test
    void the_list_keeps_the_last_50_titles() {
        for (var number = 1; number <= 51; number++) viewer.when("Watch", watch("title-" + number, 100));
        assertThat(viewer.state().getTitlesList()).hasSize(50);
        assertThat(viewer.state().getTitles(49).getTitleId()).isEqualTo("title-2");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, 10, INVALID_ARGUMENT, title_id",
        "alien, 0, 0, INVALID_ARGUMENT, length_seconds",
        "alien, 11, 10, OUT_OF_RANGE, position_seconds",
        "alien, -1, 10, OUT_OF_RANGE, position_seconds"
    })
    void a_request_that_makes_no_sense_is_refused(
            String title, int position, int length, Rejection.Code code, String field) {
        var request = WatchRequest.newBuilder()
                .setTitleId(title)
                .setPositionSeconds(position)
                .setLengthSeconds(length)
                .build();
        viewer.when("Watch", request).thenRejected(code, field);
    }

    @Test
    void a_query_needs_a_title() {
        viewer.when("Resume", resume("")).thenRejected(INVALID_ARGUMENT, "title_id");
    }

    private static WatchRequest watch(String title, int position) {
        return WatchRequest.newBuilder()
                .setTitleId(title)
                .setPositionSeconds(position)
                .setLengthSeconds(1000)
                .build();
    }

    private static ForgetRequest forget(String title) {
        return ForgetRequest.newBuilder().setTitleId(title).build();
    }

    private static ResumeRequest resume(String title) {
        return ResumeRequest.newBuilder().setTitleId(title).build();
    }

    private static Progress progress(String title, int position) {
        return Progress.newBuilder()
                .setTitleId(title)
                .setPositionSeconds(position)
                .setLengthSeconds(1000)
                .build();
    }

    private static Titles titles(Progress... titles) {
        var list = Titles.newBuilder();
        for (var title : titles) list.addTitles(title);
        return list.build();
    }
}
