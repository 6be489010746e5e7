package dev.parvi.testkit.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.http.json.Codecs;
import dev.parvi.http.json.MessageShape;
import dev.parvi.http.validation.Rules;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RequestMakerTest {
    private static final List<Message> REQUESTS = List.of(
            TurnRequest.getDefaultInstance(), BookRequest.getDefaultInstance(), LookRequest.getDefaultInstance());
    private static final Rules RULES =
            Rules.of(REQUESTS.stream().map(Message::getDescriptorForType).toList(), 1000);
    private static final Codecs CODECS = Codecs.of(List.of(new Gadget().type()), 64, field -> true);

    private final RequestMaker maker = new RequestMaker(RULES);

    @Property(tries = 200)
    void what_is_made_up_is_read_by_protobuf_and_by_a_node_as_it_was_meant(@ForAll long seed) throws Exception {
        var made = maker.make(TurnRequest.getDefaultInstance(), new Random(seed));
        var json = Requests.toJson(made);

        var read = TurnRequest.newBuilder();
        JsonFormat.parser().merge(json, read);
        assertThat(read.build()).isEqualTo(made);

        var byNode = TurnRequest.newBuilder();
        CODECS.readJson(
                json.getBytes(StandardCharsets.UTF_8),
                MessageShape.of(made.getDescriptorForType(), new HashMap<>()),
                byNode);
        assertThat(byNode.build()).isEqualTo(made);
    }

    @Property(tries = 200)
    void one_seed_is_one_request(@ForAll long seed) {
        assertThat(maker.make(TurnRequest.getDefaultInstance(), new Random(seed)))
                .isEqualTo(maker.make(TurnRequest.getDefaultInstance(), new Random(seed)));
    }

    @Test
    void most_requests_keep_the_rules_and_some_do_not() {
        var random = new Random(1);
        var good = 0;
        for (var n = 0; n < 1000; n++)
            if (RULES.check(maker.make(BookRequest.getDefaultInstance(), random))
                    .isEmpty()) good++;
        assertThat(good).isBetween(900, 999);
    }

    @Test
    void every_field_is_set_some_time_and_some_time_not() {
        var random = new Random(1);
        var set = new TreeSet<String>();
        var unset = new TreeSet<String>();
        for (var n = 0; n < 500; n++) {
            var made = maker.make(TurnRequest.getDefaultInstance(), random);
            for (var field : made.getDescriptorForType().getFields())
                (made.getAllFields().containsKey(field) ? set : unset).add(field.getName());
        }
        var all = TurnRequest.getDescriptor().getFields().stream()
                .map(field -> field.getName())
                .toList();
        assertThat(set).containsExactlyInAnyOrderElementsOf(all);
        assertThat(unset).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void requests_speak_of_the_same_things() {
        var random = new Random(1);
        var ids = new HashSet<String>();
        for (var n = 0; n < 500; n++)
            ids.add(((BookRequest) maker.make(BookRequest.getDefaultInstance(), random)).getBookingId());
        assertThat(ids).hasSizeLessThan(30);
    }
}
