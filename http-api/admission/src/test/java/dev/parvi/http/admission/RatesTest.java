package dev.parvi.http.admission;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void a_second_s_worth_may_come_at_once_and_then_one_at_a_time() {
        var rates = new Rates<String>(10, 160);
        for (var n = 0; n < 10; n++) assertThat(rates.take("a", 0)).isZero();

        assertThat(rates.take("a", 0)).isEqualTo(SECOND / 10);
        assertThat(rates.take("a", SECOND / 10)).isZero();
        assertThat(rates.take("a", SECOND / 10)).isPositive();
        assertThat(rates.take("b", SECOND / 10)).isZero();
    }

    @Test
    void less_than_one_a_second_is_one_now_and_then() {
        var rates = new Rates<String>(0.5, 160);

        assertThat(rates.take("a", 0)).isZero();
        assertThat(rates.take("a", SECOND)).isEqualTo(SECOND);
        assertThat(rates.take("a", 2 * SECOND)).isZero();
    }

    @Test
    void who_invents_keys_costs_no_more_than_the_bound() {
        var rates = new Rates<Integer>(1, 160);
        for (var n = 0; n < 100_000; n++) rates.take(n, n);

        assertThat(rates.size()).isLessThanOrEqualTo(160);
    }

    @Test
    void a_key_in_use_is_remembered_while_others_are_invented() {
        var rates = new Rates<Integer>(1, 1_600);
        assertThat(rates.take(-1, 0)).isZero();
        for (var n = 0; n < 100_000; n++) {
            rates.take(n, n);
            if (n % 100 == 0) assertThat(rates.take(-1, n)).isPositive();
        }
    }

    @Property(tries = 200)
    void nobody_gets_more_than_the_rate_and_its_burst(
            @ForAll @DoubleRange(min = 2, max = 500) double perSecond,
            @ForAll @IntRange(min = 1, max = 300) int stepMillis) {
        var rates = new Rates<String>(perSecond, 160);
        var taken = 0;
        var now = 0L;
        for (var n = 0; n < 2_000; n++) {
            now += stepMillis * 1_000_000L;
            if (rates.take("a", now) == 0) taken++;
        }

        var burst = Math.max(1, perSecond);
        assertThat((double) taken).isLessThanOrEqualTo(perSecond * now / SECOND + burst + 1);
        var wanted = Math.min(2_000, perSecond * now / SECOND);
        assertThat((double) taken).isGreaterThanOrEqualTo(Math.floor(wanted * 0.98) - 1);
    }
}
