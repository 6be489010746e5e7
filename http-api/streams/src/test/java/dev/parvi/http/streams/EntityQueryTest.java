package dev.parvi.http.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.entity.Rejection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityQueryTest {

    @Test
    void without_parameters_it_is_the_beginning_of_all() {
        assertThat(EntityQuery.of("")).isEqualTo(new EntityQuery("", "", 100));
    }

    @Test
    void parameters_are_decoded_once() {
        assertThat(EntityQuery.of("prefix=caf%C3%A9+%2520&cursor=account%2Fa&limit=7"))
                .isEqualTo(new EntityQuery("café %20", "account/a", 7));
        assertThat(EntityQuery.of("cursor=-9223&prefix=%F0%9F%90%9D")).isEqualTo(new EntityQuery("🐝", "-9223", 100));
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=-1, limit",
        "limit=, limit",
        "limit=1&limit=2, limit",
        "after=1, after",
        "prefix=%2, prefix",
        "prefix=a%00, prefix",
        "prefix=%C2%85, prefix",
        "cursor=%FF, cursor",
        "cursor=%ED%A0%80, cursor"
    })
    void what_is_wrong_is_named(String query, String field) {
        assertThatThrownBy(() -> EntityQuery.of(query))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.field()).isEqualTo(field));
    }
}
