package dev.parvi.http.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import dev.parvi.http.validation.proto.Deep;
import dev.parvi.http.validation.proto.Divided;
import dev.parvi.http.validation.proto.Holder;
import dev.parvi.http.validation.proto.Line;
import dev.parvi.http.validation.proto.Misspelt;
import dev.parvi.http.validation.proto.Order;
import dev.parvi.http.validation.proto.Plain;
import dev.parvi.http.validation.proto.Tree;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RulesTest {
    private static final Order GOOD = Order.newBuilder()
            .setCustomerName("alice")
            .addLines(Line.newBuilder().setPrice(3))
            .setTotalPrice(3)
            .build();

    private final Rules rules =
            rules(Order.getDescriptor(), Plain.getDescriptor(), Holder.getDescriptor(), Divided.getDescriptor());

    private static Rules rules(Descriptor... messages) {
        return Rules.of(List.of(messages), 1_000);
    }

    @Test
    void a_message_that_keeps_its_rules_breaks_none() {
        assertThat(rules.check(GOOD)).isEmpty();
    }

    @Test
    void a_message_without_rules_breaks_none() {
        assertThat(rules.check(Plain.newBuilder().setName("x").build())).isEmpty();
    }

    @Test
    void a_node_may_have_no_rules_at_all() {
        assertThat(rules(Plain.getDescriptor()).check(GOOD)).isEmpty();
        assertThat(rules().check(GOOD)).isEmpty();
    }

    @Test
    void every_broken_rule_is_told_with_its_field_as_json_writes_it() {
        var bad = GOOD.toBuilder()
                .setCustomerName("a")
                .setEmail("nobody")
                .addLines(Line.newBuilder().setPrice(-1))
                .putStock("apples", -2)
                .addAllTags(List.of("x", "x"))
                .build();
        assertThat(rules.check(bad))
                .extracting(violation -> violation.field() + " " + violation.rule())
                .containsExactlyInAnyOrder(
                        "customerName string.min_len",
                        "email string.email",
                        "lines[1].price int64.gt",
                        "stock.apples int32.gte",
                        "tags repeated.unique");
        assertThat(rules.check(bad))
                .allSatisfy(violation -> assertThat(violation.message()).isNotBlank());
    }

    @Test
    void a_rule_of_the_whole_message_has_no_field_and_its_author_s_words() {
        var bad = GOOD.toBuilder().setTotalPrice(1).build();
        assertThat(rules.check(bad))
                .containsExactly(new Violation("", "order.total", "the prices must add up to the total"));
    }

    @Test
    void rules_of_a_message_within_hold_though_the_outer_one_has_none() {
        var bad = Holder.newBuilder().setLine(Line.getDefaultInstance()).build();
        assertThat(rules.check(bad)).extracting(Violation::field).containsExactly("line.price");
    }

    @Test
    void rules_of_a_message_that_contains_itself_hold_at_every_depth() {
        var bad = Tree.newBuilder().setName("long").build();
        var outer = Tree.newBuilder()
                .setChild(Tree.newBuilder().setChild(bad))
                .addChildren(bad)
                .putNamed("x", bad)
                .build();
        assertThat(rules(Tree.getDescriptor()).check(outer))
                .extracting(Violation::field)
                .containsExactlyInAnyOrder("child.child.name", "children[0].name", "named.x.name");
    }

    @Test
    void not_more_than_twenty_are_told() {
        var bad = GOOD.toBuilder()
                .addAllLines(Collections.nCopies(500, Line.getDefaultInstance()))
                .build();
        assertThat(rules.check(bad)).hasSize(20);
    }

    @Test
    void too_much_to_loop_over_is_refused_before_it_is_looped_over() {
        var full = GOOD.toBuilder()
                .addAllLines(
                        Collections.nCopies(999, Line.newBuilder().setPrice(1).build()));
        assertThat(rules.check(full.build())).isEmpty();
        assertThat(rules.check(full.putStock("one-too", 1).build()))
                .extracting(Violation::rule)
                .containsExactly("elements_max");
    }

    @Test
    void what_no_rule_can_judge_is_refused() {
        assertThat(rules.check(Divided.newBuilder().setBy(3).build())).isEmpty();
        assertThat(rules.check(Divided.newBuilder().setBy(0).build()))
                .extracting(Violation::rule)
                .containsExactly("not_checked");
    }

    @Test
    void a_rule_that_does_not_compile_is_named_at_start() {
        assertThatThrownBy(() -> rules(Order.getDescriptor(), Misspelt.getDescriptor()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parvi.validation.test.Misspelt");
    }

    @Test
    void loops_three_deep_are_refused_at_start() {
        assertThatThrownBy(() -> rules(Deep.getDescriptor()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parvi.validation.test.Deep nests loops 3 deep");
    }
}
