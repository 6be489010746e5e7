package dev.parvi.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FaultTest {
    @Test
    void a_fault_is_its_notation() {
        assertThat(Fault.kill("A"))
                .hasToString("kill A")
                .isEqualTo(Fault.kill("A"))
                .isNotEqualTo(Fault.kill("B"));
        assertThat(Fault.partition("A,B|C"))
                .hasToString("partition A B | C")
                .isEqualTo(Fault.partition("A B | C"))
                .hasSameHashCodeAs(Fault.partition("A B | C"));
        assertThat(Fault.cut("A", "B")).hasToString("cut A -> B");
        assertThat(Fault.bridge("A", "B", "C")).hasToString("bridge A - B - C");
        assertThat(Fault.lose("A", "B", 0.2)).hasToString("lose A -> B 0.2");
        assertThat(Fault.flap("A", "B", 3, Duration.ofSeconds(2))).hasToString("flap A - B 3 x 2000 ms");
        assertThat(Fault.heal()).hasToString("heal");
        assertThat(Fault.starve("A", 0.2)).hasToString("starve A 0.2");
        assertThat(Fault.feed("A")).hasToString("feed A");
    }

    @Test
    void only_the_network_and_the_cpu_need_more_than_processes() {
        assertThat(Fault.freeze("A").needs()).isEqualTo(Fault.Needs.PROCESSES);
        assertThat(Fault.partition("A | B").needs()).isEqualTo(Fault.Needs.NETWORK);
        assertThat(Fault.flap("A", "B", 1, Duration.ofSeconds(1)).needs()).isEqualTo(Fault.Needs.NETWORK);
        assertThat(Fault.starve("A", 1).needs()).isEqualTo(Fault.Needs.CPU);
    }

    @Test
    void what_is_no_fault_is_refused_with_a_hint() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.partition("A B C"))
                .withMessageContaining("two sides");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.partition("A |"))
                .withMessageContaining("two sides");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.partition("A B | B C"))
                .withMessage("a node is on two sides of \"A B | B C\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.cut("A", "A"))
                .withMessageContaining("itself");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.lose("A", "B", 0))
                .withMessageContaining("above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.lose("A", "B", Double.NaN))
                .withMessageContaining("above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.starve("A", 0))
                .withMessage("a starved node has from 0.01 to 1 of a CPU, not 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.starve("A", 1.5))
                .withMessageContaining("from 0.01 to 1");
    }

    @Test
    void flapping_is_bounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.flap("A", "B", 0, Duration.ofSeconds(1)))
                .withMessage("a link flaps 1 to 1000 times, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.flap("A", "B", 1_001, Duration.ofMillis(20)))
                .withMessageContaining("1 to 1000 times");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.flap("A", "B", 5, Duration.ofMillis(10)))
                .withMessageContaining("every 20 ms or slower");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.flap("A", "B", 1_000, Duration.ofSeconds(1)))
                .withMessageContaining("10 minutes at most");
    }
}
