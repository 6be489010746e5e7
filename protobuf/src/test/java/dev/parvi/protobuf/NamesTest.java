package dev.parvi.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamesTest {
    @ParameterizedTest
    @CsvSource({
        "Account, account, account",
        "AccountBook, account-book, accountBook",
        "HTTPThing, http-thing, httpThing",
        "GetV2Name, get-v2-name, getV2Name",
        "snake_case, snake-case, snakeCase",
        "New, new, new_",
        "Wait, wait, wait_",
        "Apply, apply, apply_"
    })
    void a_name_is_spelt_for_paths_and_for_java(String name, String path, String method) {
        assertThat(Names.toKebabCase(name)).isEqualTo(path);
        assertThat(Names.toMethod(name)).isEqualTo(method);
    }

    @ParameterizedTest
    @CsvSource({"amount, Amount", "new_name, NewName", "line2of, Line2Of", "aB, AB"})
    void an_accessor_is_spelt_as_protoc_does(String field, String accessor) {
        assertThat(Names.toAccessor(field)).isEqualTo(accessor);
    }

    @Test
    void kebab_case_is_lower_case_words_with_single_hyphens() {
        assertThat(Names.isKebabCase("account-book2")).isTrue();
        assertThat(new String[] {"", "Account", "a--b", "-a", "a-", "2a", "a_b"})
                .allMatch(name -> !Names.isKebabCase(name));
    }
}
