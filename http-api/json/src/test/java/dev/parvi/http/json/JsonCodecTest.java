package dev.parvi.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.parvi.http.json.proto.Colour;
import dev.parvi.http.json.proto.Everything;
import dev.parvi.http.json.proto.Item;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** Our codec against protobuf's own: what either writes, the other reads as the same message. */
class JsonCodecTest {
    private static final MessageShape SHAPE = MessageShape.of(Everything.getDescriptor(), new HashMap<>());
    private static final TypeRegistry REGISTRY = TypeRegistry.newBuilder()
            .add(Everything.getDescriptor().getFile().getMessageTypes())
            .build();
    private static final WellKnownJson WELL_KNOWN = new WellKnownJson(REGISTRY, field -> true);
    private static final JsonEncoder ENCODER = new JsonEncoder(WELL_KNOWN);
    private static final JsonDecoder DECODER = new JsonDecoder(WELL_KNOWN, 64);

    private static String ours(Everything message) {
        return new String(ENCODER.encode(message, SHAPE), StandardCharsets.UTF_8);
    }

    private static Everything ours(String json) {
        var message = Everything.newBuilder();
        DECODER.decode(json.getBytes(StandardCharsets.UTF_8), SHAPE, message);
        return message.build();
    }

    private static Everything theirs(String json) throws InvalidProtocolBufferException {
        var message = Everything.newBuilder();
        JsonFormat.parser().usingTypeRegistry(REGISTRY).merge(json, message);
        return message.build();
    }

    private static String theirs(Everything message) throws InvalidProtocolBufferException {
        return JsonFormat.printer()
                .usingTypeRegistry(REGISTRY)
                .alwaysPrintFieldsWithNoPresence()
                .omittingInsignificantWhitespace()
                .print(message);
    }

    @Property(tries = 500)
    void what_one_writes_the_other_reads(@ForAll("messages") Everything message) throws InvalidProtocolBufferException {
        assertThat(theirs(ours(message))).isEqualTo(message);
        assertThat(ours(theirs(message))).isEqualTo(message);
        assertThat(ours(ours(message))).isEqualTo(message);
    }

    @Test
    void every_kind_of_field_is_written_as_protobuf_writes_it() throws InvalidProtocolBufferException {
        var message = Everything.newBuilder()
                .setAnInt32(-1)
                .setAUint32(-1)
                .setAUint64(-1)
                .setAFixed64(Long.MIN_VALUE)
                .setAFloat(1.5f)
                .setADouble(1e300)
                .setSomeBytes(ByteString.copyFromUtf8("\u00fe\u00ff?>"))
                .setColour(Colour.BLUE)
                .setMaybe(0)
                .addColours(Colour.RED)
                .addColoursValue(77)
                .putByNumber(-5, "five")
                .putByTruth(true, 1)
                .putByUnsigned(-1, Double.NEGATIVE_INFINITY)
                .setNeither(NullValue.NULL_VALUE)
                .setAt(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(5))
                .setLasting(Duration.newBuilder().setSeconds(3))
                .setMask(FieldMask.newBuilder().addPaths("a.b_c"))
                .setTree(Struct.newBuilder()
                        .putFields("k", Value.newBuilder().setBoolValue(true).build()))
                .setAnyJson(Value.newBuilder().setNullValue(NullValue.NULL_VALUE))
                .setAnyList(ListValue.newBuilder().addValues(Value.newBuilder().setNumberValue(1)))
                .setPacked(Any.pack(Item.newBuilder().setPrice(1).build()))
                .setWrappedNumber(Int64Value.of(Long.MAX_VALUE))
                .setRenamed("r")
                .build();

        assertThat(ours(message)).isEqualTo(theirs(message));
        assertThat(ours(theirs(message))).isEqualTo(message);
    }

    @Test
    void text_of_every_plane_and_every_escape_comes_back() throws InvalidProtocolBufferException {
        var message = Everything.newBuilder()
                .setAString("\"\\/\b\f\n\r\t\u0000\u001f\u007f é € 🐝 \u2028 </script>")
                .putByName("\"k\"\n", Item.getDefaultInstance())
                .build();

        assertThat(theirs(ours(message))).isEqualTo(message);
        assertThat(ours(ours(message))).isEqualTo(message);
    }

    @Test
    void an_empty_message_shows_every_field_that_cannot_be_absent() throws InvalidProtocolBufferException {
        assertThat(ours(Everything.getDefaultInstance())).isEqualTo(theirs(Everything.getDefaultInstance()));
    }

    @Test
    void numbers_are_read_in_every_canonical_spelling() {
        assertThat(ours("{\"anInt64\": 100}").getAnInt64()).isEqualTo(100);
        assertThat(ours("{\"anInt64\": \"100\"}").getAnInt64()).isEqualTo(100);
        assertThat(ours("{\"an_int64\": 1e2}").getAnInt64()).isEqualTo(100);
        assertThat(ours("{\"anInt64\": \"1.0\"}").getAnInt64()).isEqualTo(1);
        assertThat(ours("{\"anInt64\": -9223372036854775808}").getAnInt64()).isEqualTo(Long.MIN_VALUE);
        assertThat(ours("{\"aUint64\": 18446744073709551615}").getAUint64()).isEqualTo(-1);
        assertThat(ours("{\"aUint32\": \"4294967295\"}").getAUint32()).isEqualTo(-1);
        assertThat(ours("{\"aDouble\": \"NaN\", \"aFloat\": \"-Infinity\"}").getADouble())
                .isNaN();
        assertThat(ours("{\"colour\": 2}").getColour()).isEqualTo(Colour.BLUE);
        assertThat(ours("{\"colour\": 9}").getColourValue()).isEqualTo(9);
    }

    @Test
    void null_means_absent_and_a_null_value_means_null() {
        assertThat(ours("{\"anInt64\": null, \"words\": null, \"byName\": null, \"nested\": null}"))
                .isEqualTo(Everything.getDefaultInstance());
        assertThat(ours("{\"anyJson\": null}").getAnyJson().hasNullValue()).isTrue();
        assertThat(ours("{\"neither\": null}").hasNeither()).isTrue();
    }

    @Provide
    Arbitrary<Everything> messages() {
        var numbers = Combinators.combine(
                        Arbitraries.integers(), Arbitraries.longs(), Arbitraries.doubles(), Arbitraries.floats())
                .as(Tuple::of);
        var text = Arbitraries.strings().ofMaxLength(12).filter(Text::isWellFormed);
        return Combinators.combine(
                        numbers,
                        text,
                        text.list().ofMaxSize(3),
                        Arbitraries.longs().list().ofMaxSize(3),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(9))
                .as((n, word, words, longs, choice, bytes) -> {
                    var inner = Everything.newBuilder()
                            .setAnInt32(n.get1())
                            .setASint32(n.get1())
                            .setASfixed32(n.get1())
                            .setAUint32(n.get1())
                            .setAFixed32(n.get1())
                            .setAnInt64(n.get2())
                            .setAUint64(n.get2())
                            .setAFixed64(n.get2())
                            .setADouble(n.get3())
                            .setAFloat(n.get4())
                            .setAString(word)
                            .setSomeBytes(ByteString.copyFrom(bytes))
                            .addAllWords(words)
                            .addAllNumbers(longs);
                    words.forEach(
                            w -> inner.putByName(w, Item.newBuilder().setName(w).build()));
                    if (choice == 0) inner.setLeft(word);
                    if (choice == 1) inner.setRight(Item.newBuilder().setPrice(n.get1()));
                    return Everything.newBuilder()
                            .setNested(inner)
                            .setMaybe(choice)
                            .build();
                });
    }
}
