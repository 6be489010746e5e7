package dev.parvi.http.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PublicViewTest {
    @Test
    void an_event_is_shown_unless_its_case_is_private() {
        assertThat(PublicView.shows(CarEvent.newBuilder()
                        .setDriven(Driven.getDefaultInstance())
                        .build()))
                .isTrue();
        assertThat(PublicView.shows(CarEvent.newBuilder()
                        .setSearched(Searched.newBuilder().setBy("police"))
                        .build()))
                .isFalse();
    }

    @Test
    void an_event_that_this_release_does_not_know_is_not_shown() {
        assertThat(PublicView.shows(CarEvent.getDefaultInstance())).isFalse();
    }

    @Test
    void a_field_is_shown_unless_it_is_private() {
        assertThat(PublicView.shows(Parked.getDescriptor().findFieldByName("place")))
                .isTrue();
        assertThat(PublicView.shows(Parked.getDescriptor().findFieldByName("code")))
                .isFalse();
    }
}
