package dev.parvi.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import com.typesafe.config.ConfigFactory;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.Ledger;
import dev.parvi.entity.LedgerCommands;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import dev.parvi.entity.Total;
import dev.parvi.protobuf.CommandEnvelope;
import dev.parvi.protobuf.CommandReply;
import java.io.NotSerializableException;
import java.time.Instant;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EnvelopeSerializerTest {
    private static final ActorSystem SYSTEM = ActorSystem.create(
            "wire",
            ConfigFactory.parseString("pekko.actor.allow-java-serialization = off")
                    .withFallback(ConfigFactory.defaultReference()));

    @BeforeAll
    static void register() {
        EntityRegistry.ID.get(SYSTEM).add(Ledger.TYPE);
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(SYSTEM);
    }

    @Test
    void a_command_arrives_as_it_was_sent() throws NotSerializableException {
        var deadline = Instant.ofEpochMilli(1_700_000_000_000L);

        assertThat(overTheWire(LedgerCommands.command("ä/1", "Add", 5, "k1", 7, deadline)))
                .isEqualTo(LedgerCommands.command("ä/1", "Add", 5, "k1", 7, deadline));
        assertThat(overTheWire(LedgerCommands.command("a", "Read", 0, "", -1, deadline)))
                .isEqualTo(LedgerCommands.command("a", "Read", 0, "", -1, deadline));
    }

    @Test
    void a_deletion_and_its_answer_arrive_as_they_were_sent() throws NotSerializableException {
        var deletion = LedgerCommands.deletion("a", "end", 7, Instant.ofEpochMilli(1_700_000_000_000L));
        var done = new CommandOutcome.Completed(8, Empty.getDefaultInstance(), false);

        assertThat(overTheWire(deletion)).isEqualTo(deletion);
        assertThat(overTheWire(new EntityReply("ledger", "a", ".Delete", done)))
                .isEqualTo(new EntityReply("ledger", "a", ".Delete", done));
    }

    @Test
    void every_outcome_arrives_as_what_it_is() throws NotSerializableException {
        var completed =
                new CommandOutcome.Completed(3, Total.newBuilder().setTotal(9).build(), true);

        assertThat(outcome(completed)).isEqualTo(completed);
        assertThat(((NotServing) outcome(new NotServing("moving"))).reason()).isEqualTo("moving");
        assertThat(((OutcomeUnknown) outcome(new OutcomeUnknown("lost"))).reason())
                .isEqualTo("lost");
        for (var code : Rejection.Code.values()) {
            var rejection = (Rejection) outcome(Rejection.ofField(code, "amount", "too much"));
            assertThat(rejection.code()).isEqualTo(code);
            assertThat(rejection.field()).isEqualTo("amount");
            assertThat(rejection.message()).isEqualTo("too much");
        }
    }

    @Test
    void a_watch_and_its_answer_arrive_as_they_were_sent() throws NotSerializableException {
        var watch = new HeadWatch("ledger", "ä/1", 7, 1_700_000_000_000L);
        var reply = new HeadReply("ledger", "ä/1", 8);
        assertThat(serializer()
                        .fromBinary(serializer().toBinary(watch), serializer().manifest(watch)))
                .isEqualTo(watch);
        assertThat(serializer()
                        .fromBinary(serializer().toBinary(reply), serializer().manifest(reply)))
                .isEqualTo(reply);
    }

    @Test
    void a_method_of_a_newer_release_can_still_be_answered() throws NotSerializableException {
        var envelope = CommandEnvelope.newBuilder()
                .setEntityType("ledger")
                .setEntityId("a")
                .setMethod("Audit")
                .build();

        assertThat(serializer().fromBinary(envelope.toByteArray(), "parvi.v1.CommandEnvelope"))
                .isEqualTo(new UnreadableCommand("ledger", "a", "Audit", "this release has no method Audit"));
    }

    @Test
    void an_answer_of_a_newer_release_is_unknown_and_never_done() throws NotSerializableException {
        var reply = CommandReply.newBuilder()
                .setEntityType("ledger")
                .setEntityId("a")
                .setMethod("Add")
                .build();

        var read = (EntityReply) serializer().fromBinary(reply.toByteArray(), "parvi.v1.CommandReply");
        assertThat(read.outcome()).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void what_is_not_a_message_of_ours_is_refused_by_name() {
        assertThatThrownBy(() -> serializer().fromBinary(new byte[0], "x.Y")).hasMessageContaining("x.Y");
        assertThatThrownBy(() -> serializer().fromBinary(new byte[] {-1}, "parvi.v1.CommandReply"))
                .isInstanceOf(NotSerializableException.class);
    }

    private static CommandOutcome outcome(CommandOutcome outcome) throws NotSerializableException {
        return ((EntityReply) overTheWire(new EntityReply("ledger", "a", "Add", outcome))).outcome();
    }

    private static Object overTheWire(Object message) throws NotSerializableException {
        var serializer = (SerializerWithStringManifest)
                SerializationExtension.get(SYSTEM).findSerializerFor(message);
        assertThat(serializer).isInstanceOf(EnvelopeSerializer.class);
        return serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message));
    }

    private static EnvelopeSerializer serializer() throws NotSerializableException {
        return (EnvelopeSerializer) SerializationExtension.get(SYSTEM).serializerFor(EntityReply.class);
    }
}
