package dev.parvi.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.Total;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.junit.jupiter.api.Test;

class AnswerQueueTest {
    private final AnswerQueue queue = new AnswerQueue();
    private final List<String> paid = new ArrayList<>();

    @Test
    void an_answer_waits_for_all_events_of_its_command() {
        owe("split", 2);

        storeOne();
        assertThat(paid).isEmpty();
        storeOne();
        assertThat(paid).containsExactly("split");
    }

    @Test
    void an_answer_without_events_waits_for_those_before_it_and_no_longer() {
        owe("add", 1);
        owe("query", 0);
        owe("add again", 1);

        storeOne();
        assertThat(paid).containsExactly("add", "query");
        storeOne();
        assertThat(paid).containsExactly("add", "query", "add again");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void what_is_abandoned_is_handed_over_in_order_and_once() {
        owe("add", 1);
        owe("query", 0);

        queue.abandon(owed -> paid.add(owed.method()));
        queue.abandon(owed -> paid.add("twice"));
        assertThat(paid).containsExactly("add", "query");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void the_queue_is_empty_when_its_last_answer_leaves() {
        owe("add", 1);

        queue.onEventStored(owed -> paid.add("empty: " + queue.isEmpty()));
        assertThat(paid).containsExactly("empty: true");
    }

    @Test
    void an_event_that_nobody_waits_for_is_a_bug() {
        assertThatThrownBy(this::storeOne).isInstanceOf(IllegalStateException.class);
    }

    private void owe(String method, int events) {
        var outcome = new CommandOutcome.Completed(1, Total.getDefaultInstance(), false);
        queue.owe(ActorRef.noSender(), method, outcome, events, null);
    }

    private void storeOne() {
        queue.onEventStored(owed -> paid.add(owed.method()));
    }
}
