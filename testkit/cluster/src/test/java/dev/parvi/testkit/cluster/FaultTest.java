package dev.parvi.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
        assertThat(Fault.heal()).hasToString("heal");
    }

    @Test
    void only_the_network_needs_more_than_processes() {
        assertThat(Fault.freeze("A").needs()).isEqualTo(Fault.Needs.PROCESSES);
        assertThat(Fault.partition("A | B").needs()).isEqualTo(Fault.Needs.NETWORK);
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
    }
}
