package dev.parvi.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntityTest {
    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @EnumSource(
            value = Rejection.Code.class,
            names = {"REVISION_MISMATCH", "KEY_REUSED", "UNIMPLEMENTED", "ENTITY_FAILED", "QUARANTINED"})
    void an_author_cannot_reject_with_a_code_of_the_runtime(Rejection.Code code) {
        assertThatThrownBy(() -> ledger.reject(code, "no")).hasMessageStartingWith(code + " is Parvi's own code");
    }

    @Test
    void events_are_persisted_in_the_order_given() {
        assertThat(ledger.persist(Ledger.added(1), Ledger.added(2), Ledger.added(3))
                        .events())
                .isEqualTo(List.of(Ledger.added(1), Ledger.added(2), Ledger.added(3)));
    }

    @Test
    void limits_name_the_setting_that_is_wrong() {
        assertThatThrownBy(() -> new CommandPipeline.Limits(1, Duration.ofHours(1)))
                .hasMessageContaining("outcomes-max");
        assertThatThrownBy(() -> new CommandPipeline.Limits(2, Duration.ZERO)).hasMessageContaining("outcome-age-max");
    }
}
