package dev.parvi.testkit.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.runtime.StartFailure;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RequestsTest {
    @Test
    void commands_and_queries_are_told_apart_and_paths_of_their_own_left_out() {
        var requests = requests();
        var commands = new TreeSet<String>();
        var random = new Random(1);
        for (var n = 0; n < 100; n++) commands.add(requests.command(random).path());

        assertThat(commands).containsExactly("book", "turn");
        assertThat(requests.hasQueries()).isTrue();
        assertThat(requests.query(new Random(1)).path()).isEqualTo("look");
        assertThat(requests.omitted()).containsExactly("gadget/elsewhere");
        assertThat(requests.typeNames()).containsExactly("gadget");
    }

    @Test
    void what_a_person_chose_is_sent_as_it_is_and_nothing_else() {
        var requests = requests("book {\"bookingId\": \"a\", \"nights\": 2}", "gadget/Turn");
        var sent = new TreeSet<String>();
        var random = new Random(1);
        for (var n = 0; n < 100; n++) {
            var request = requests.command(random);
            sent.add(request.type() + ' ' + request.method() + ' ' + request.json());
        }
        assertThat(sent).containsExactly("gadget Book {\"bookingId\": \"a\", \"nights\": 2}", "gadget Turn {}");
    }

    @Test
    void a_request_can_be_made_a_message_again() {
        var requests = requests("book {\"bookingId\": \"a\", \"nights\": 2}");
        assertThat(requests.toMessage(requests.command(new Random(1))))
                .isEqualTo(
                        BookRequest.newBuilder().setBookingId("a").setNights(2).build());
    }

    @Test
    void mistakes_are_one_sentence() {
        assertThatThrownBy(() -> Requests.of(List.of(new Gadget()), List.of("room"), List.of()))
                .isInstanceOf(StartFailure.class)
                .hasMessage("There is no entity type \"room\"; there is gadget.");
        assertThatThrownBy(() -> requests("jump {}"))
                .isInstanceOf(StartFailure.class)
                .hasMessage("--send \"jump {}\": \"jump\" is none of the commands of gadget, which are turn, book.");
        assertThatThrownBy(() -> requests("look"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("\"look\" is none of the commands of gadget");
        assertThatThrownBy(() -> requests("room/turn"))
                .isInstanceOf(StartFailure.class)
                .hasMessage("--send \"room/turn\": there is no type \"room\" in this drill.");
        assertThatThrownBy(() -> requests("book {\"nights\": \"many\"}"))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("--send \"book {\"nights\": \"many\"}\": this is no BookRequest: ");
    }

    private static Requests requests(String... sends) {
        return Requests.of(List.of(new Gadget()), List.of(), List.of(sends));
    }
}
