package dev.parvi.http.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.http.admission.Admission.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Duration PATIENT = Duration.ofSeconds(10);

    private final List<String> begun = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final Set<Integer> retryAfter = new HashSet<>();
    private final List<Permit> places = new ArrayList<>();

    private static Admission admission(int requestsMax, int queueMax) {
        return new Admission(
                new AdmissionSettings(
                        requestsMax, 1, queueMax, Duration.ofMillis(500), Duration.ofSeconds(1), 100_000, 0, 0, 160),
                Runnable::run);
    }

    private static long figure(Admission admission, String name) {
        return admission.figures().getOrDefault(name, -1L);
    }

    private void enter(Admission admission, String name, Duration patience) {
        admission.enter(
                Work.TIMED,
                patience,
                place -> {
                    begun.add(name);
                    places.add(place);
                },
                why -> {
                    refused.add(name);
                    retryAfter.add(why.retryAfterSeconds());
                });
    }

    private static long after(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Test
    void there_are_as_many_places_as_the_settings_say() {
        var admission = admission(2, 0);
        for (var name : List.of("a", "b", "c")) enter(admission, name, PATIENT);

        assertThat(begun).containsExactly("a", "b");
        assertThat(refused).containsExactly("c");
        assertThatThrownBy(admission::requireRoom).isInstanceOf(NotAdmitted.class);

        places.get(0).end();
        places.get(0).end();
        admission.requireRoom();
        enter(admission, "d", PATIENT);
        enter(admission, "e", PATIENT);
        assertThat(begun).containsExactly("a", "b", "d");
        assertThat(refused).containsExactly("c", "e");
        assertThat(figure(admission, "overloaded")).isEqualTo(3);
        assertThat(figure(admission, "requests")).isEqualTo(2);
    }

    @Test
    void who_came_last_gets_the_next_place() {
        var admission = admission(1, 2);
        for (var name : List.of("a", "b", "c", "d")) enter(admission, name, PATIENT);
        assertThat(refused).containsExactly("d");

        places.get(0).end();
        assertThat(begun).containsExactly("a", "c");
        places.get(1).end();
        assertThat(begun).containsExactly("a", "c", "b");
        assertThat(figure(admission, "requests")).isOne();
    }

    @Test
    void nobody_waits_longer_than_the_queue_lets_it_or_than_it_wants_to() {
        var admission = admission(1, 5);
        enter(admission, "a", PATIENT);
        enter(admission, "patient", PATIENT);
        enter(admission, "hasty", Duration.ofMillis(100));

        admission.sweep(after(Duration.ofMillis(50)));
        assertThat(refused).isEmpty();
        admission.sweep(after(Duration.ofMillis(200)));
        assertThat(refused).containsExactly("hasty");
        admission.sweep(after(Duration.ofMillis(501)));
        assertThat(refused).containsExactly("hasty", "patient");
        assertThat(figure(admission, "requests")).isOne();
        assertThat(figure(admission, "requests-queued")).isZero();
    }

    @Test
    void who_waits_for_an_entity_that_moves_leaves_its_place_but_still_counts() {
        var admission = admission(1, 1);
        enter(admission, "a", PATIENT);
        places.get(0).waits();
        places.get(0).waits();
        enter(admission, "b", PATIENT);
        enter(admission, "c", PATIENT);

        assertThat(begun).containsExactly("a", "b");
        assertThat(refused).containsExactly("c");
        places.get(0).end();
        enter(admission, "d", PATIENT);
        assertThat(figure(admission, "requests-queued")).isOne();
    }

    @Test
    void not_everybody_comes_back_at_the_same_time() {
        var admission = admission(1, 0);
        for (var n = 0; n < 200; n++) enter(admission, "a", PATIENT);

        assertThat(retryAfter).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void long_bodies_have_a_bound_together_and_short_ones_none() {
        var admission = admission(1, 0);
        for (var n = 0; n < 1_000; n++) admission.growBody(0, Admission.SHORT_BODY_BYTES);
        admission.growBody(0, 60_000);
        admission.growBody(60_000, 110_000);

        assertThatThrownBy(() -> admission.growBody(10_000, 30_000)).isInstanceOf(NotAdmitted.class);
        admission.growBody(0, 1_000);

        admission.shrinkBody(110_000);
        admission.growBody(10_000, 30_000);
        assertThat(figure(admission, "bodies")).isOne();
    }

    @Test
    void many_threads_never_get_more_places_than_there_are_and_lose_nobody() throws InterruptedException {
        var threads = Executors.newFixedThreadPool(4);
        var admission = new Admission(
                new AdmissionSettings(8, 8, 1_000, Duration.ofMillis(500), Duration.ofSeconds(1), 100_000, 0, 0, 160),
                threads);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var settled = new CountDownLatch(8 * 5_000);
        for (var n = 0; n < 8; n++)
            threads.execute(() -> {
                for (var i = 0; i < 5_000; i++)
                    admission.enter(
                            Work.UNTIMED,
                            PATIENT,
                            place -> pass(place, inside, most, settled),
                            why -> settled.countDown());
            });
        for (var n = 0; n < 1_000 && settled.getCount() > 0; n++) {
            admission.sweep(System.nanoTime());
            Thread.sleep(10);
        }
        threads.shutdown();

        assertThat(settled.getCount()).isZero();
        assertThat(most.get()).isBetween(1, 8);
        assertThat(figure(admission, "requests")).isZero();
        assertThat(figure(admission, "requests-at-work")).isZero();
    }

    private static void pass(Permit place, AtomicInteger inside, AtomicInteger most, CountDownLatch settled) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        inside.decrementAndGet();
        if (settled.getCount() % 3 == 0) place.waits();
        place.end();
        settled.countDown();
    }
}
