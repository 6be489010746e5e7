package dev.parvi.http.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.entity.EntityType;
import dev.parvi.entity.Rejection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HistoryQueryTest {
    private static final EntityType<CarState, CarEvent> CAR = EntityType.of(
            "car",
            Garage.getDescriptor().findServiceByName("Car"),
            CarState.getDefaultInstance(),
            CarEvent.getDefaultInstance(),
            List.of());

    @Test
    void without_parameters_it_is_a_hundred_events_from_the_beginning() {
        assertThat(HistoryQuery.of(CAR, "a", "", "")).isEqualTo(new HistoryQuery(CAR, "a", 0, "", 100, false));
        assertThat(HistoryQuery.of(CAR, "", "", "")).isEqualTo(new HistoryQuery(CAR, "", 0, "", 100, false));
    }

    @Test
    void parameters_are_decoded() {
        assertThat(HistoryQuery.of(CAR, "a", "after=12&limit=3", ""))
                .isEqualTo(new HistoryQuery(CAR, "a", 12, "", 3, false));
        assertThat(HistoryQuery.of(CAR, "", "cursor=epoch%3A1%3Aa%2Fb", "").cursor())
                .isEqualTo("epoch:1:a/b");
    }

    @Test
    void where_a_client_was_counts_more_than_where_it_began() {
        assertThat(HistoryQuery.of(CAR, "a", "after=1", "9").after()).isEqualTo(9);
        assertThat(HistoryQuery.of(CAR, "", "cursor=1", "9").cursor()).isEqualTo("9");
    }

    @Test
    void who_has_seen_something_needs_no_snapshot() {
        assertThat(HistoryQuery.of(CAR, "a", "snapshot=true", "").beginsWithSnapshot())
                .isTrue();
        assertThat(HistoryQuery.of(CAR, "a", "snapshot=true", "9"))
                .isEqualTo(new HistoryQuery(CAR, "a", 9, "", 100, false));
        assertThat(HistoryQuery.of(CAR, "a", "snapshot=false&after=9", "").after())
                .isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({
        "a, after=, after",
        "a, after=-1, after",
        "a, after=x, after",
        "a, after=1234567890123456789, after",
        "a, after=%zz, after",
        "a, after=1&after=2, after",
        "a, limit=0, limit",
        "a, cursor=1, cursor",
        "a, from=1, from",
        "a, snapshot=1, snapshot",
        "a, snapshot=, snapshot",
        "a, snapshot=true&after=0, snapshot",
        "'', snapshot=true, snapshot",
        "'', after=1, after",
        "'', limit=two, limit"
    })
    void a_parameter_at_fault_is_named(String id, String query, String name) {
        assertThatThrownBy(() -> HistoryQuery.of(CAR, id, query, ""))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.field()).isEqualTo(name));
    }

    @Test
    void a_last_event_id_that_is_no_revision_is_named() {
        assertThatThrownBy(() -> HistoryQuery.of(CAR, "a", "", "epoch:1"))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.field()).isEqualTo("Last-Event-ID"));
    }
}
