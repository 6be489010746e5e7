package dev.parvi.sharding;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.EntityCommand;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.entity.Rejection;
import dev.parvi.protobuf.CommandEnvelope;
import dev.parvi.protobuf.CommandReply;
import java.io.NotSerializableException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Commands and replies on the wire between nodes: {@code envelope.proto}, with the proto's full name as manifest. */
final class EnvelopeSerializer extends SerializerWithStringManifest {
    private static final String COMMAND = CommandEnvelope.getDescriptor().getFullName();
    private static final String REPLY = CommandReply.getDescriptor().getFullName();
    private static final String WATCH =
            dev.parvi.protobuf.HeadWatch.getDescriptor().getFullName();
    private static final String HEAD =
            dev.parvi.protobuf.HeadReply.getDescriptor().getFullName();
    private static final String STOP = "parvi.v1.EntityStop";

    private final ExtendedActorSystem system;

    /** How each kind of message is written. */
    private final Map<Class<?>, Kind> kinds = Map.of(
            EntityCommand.class, new Kind(COMMAND, message -> toEnvelope((EntityCommand) message)),
            UnreadableCommand.class, new Kind(COMMAND, message -> toEnvelope((UnreadableCommand) message)),
            EntityReply.class, new Kind(REPLY, message -> toReply((EntityReply) message)),
            HeadWatch.class, new Kind(WATCH, message -> toProto((HeadWatch) message)),
            HeadReply.class, new Kind(HEAD, message -> toProto((HeadReply) message)),
            EntityStop.class, new Kind(STOP, message -> CommandEnvelope.getDefaultInstance()));

    EnvelopeSerializer(ExtendedActorSystem system) {
        this.system = system;
    }

    @Override
    public int identifier() {
        return 5127301;
    }

    @Override
    public String manifest(Object message) {
        return kind(message).manifest();
    }

    @Override
    public byte[] toBinary(Object message) {
        return kind(message).toProto().apply(message).toByteArray();
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try {
            if (manifest.equals(COMMAND)) return fromEnvelope(CommandEnvelope.parseFrom(bytes));
            if (manifest.equals(REPLY)) return fromReply(CommandReply.parseFrom(bytes));
            if (manifest.equals(WATCH)) return fromProto(dev.parvi.protobuf.HeadWatch.parseFrom(bytes));
            if (manifest.equals(HEAD)) return fromProto(dev.parvi.protobuf.HeadReply.parseFrom(bytes));
            if (manifest.equals(STOP)) return EntityStop.STOP;
        } catch (InvalidProtocolBufferException unreadable) {
            throw new NotSerializableException("a " + manifest + " that is not one: " + unreadable.getMessage());
        }
        throw new NotSerializableException("no message of Parvi is a " + manifest);
    }

    private Kind kind(Object message) {
        var kind = kinds.get(message.getClass());
        if (kind == null) throw new IllegalArgumentException("not a message of Parvi: " + message.getClass());
        return kind;
    }

    private static CommandEnvelope toEnvelope(EntityCommand command) {
        var envelope = CommandEnvelope.newBuilder()
                .setEntityType(command.type().name())
                .setEntityId(command.id())
                .setMethod(command.method().name())
                .setPayload(command.request().toByteString())
                .setIdempotencyKey(command.idempotencyKey())
                .setKeyIsFresh(command.keyIsFresh())
                .setDeadlineMillis(command.deadline().toEpochMilli())
                .setPrincipal(command.principal())
                .setTrace(command.trace());
        if (command.expectedRevision() != EntityCommand.ANY_REVISION)
            envelope.setExpectedRevision(command.expectedRevision());
        return envelope.build();
    }

    private static CommandEnvelope toEnvelope(UnreadableCommand command) {
        return CommandEnvelope.newBuilder()
                .setEntityType(command.type())
                .setEntityId(command.id())
                .setMethod(command.method())
                .build();
    }

    private Object fromEnvelope(CommandEnvelope envelope) {
        var type = EntityRegistry.ID.get(system).find(envelope.getEntityType());
        if (type == null) return unreadable(envelope, "this release has no " + envelope.getEntityType());
        var method = type.method(envelope.getMethod());
        if (method == null) return unreadable(envelope, "this release has no method " + envelope.getMethod());
        try {
            return new EntityCommand(
                    type,
                    envelope.getEntityId(),
                    method,
                    method.request().getParserForType().parseFrom(envelope.getPayload()),
                    envelope.getIdempotencyKey(),
                    envelope.getKeyIsFresh(),
                    envelope.hasExpectedRevision() ? envelope.getExpectedRevision() : EntityCommand.ANY_REVISION,
                    Instant.ofEpochMilli(envelope.getDeadlineMillis()),
                    envelope.getPrincipal(),
                    envelope.getTrace());
        } catch (InvalidProtocolBufferException unreadable) {
            return unreadable(
                    envelope,
                    "the request is not a "
                            + method.request().getDescriptorForType().getFullName());
        }
    }

    private static UnreadableCommand unreadable(CommandEnvelope envelope, String reason) {
        return new UnreadableCommand(envelope.getEntityType(), envelope.getEntityId(), envelope.getMethod(), reason);
    }

    private static CommandReply toReply(EntityReply reply) {
        var proto = CommandReply.newBuilder()
                .setEntityType(reply.type())
                .setEntityId(reply.id())
                .setMethod(reply.method());
        return reply.outcome()
                .fold(
                        completed -> proto.setCompleted(CommandReply.Completed.newBuilder()
                                .setRevision(completed.revision())
                                .setPayload(completed.reply().toByteString())
                                .setReplayed(completed.replayed())),
                        rejection -> proto.setRejected(CommandReply.Rejected.newBuilder()
                                .setCode(rejection.code().name())
                                .setMessage(rejection.message())
                                .setField(rejection.field())),
                        notServing -> proto.setNotServed(
                                CommandReply.NotServed.newBuilder().setReason(notServing.reason())),
                        unknown -> proto.setUnknown(
                                CommandReply.Unknown.newBuilder().setReason(unknown.reason())))
                .build();
    }

    private EntityReply fromReply(CommandReply reply) throws InvalidProtocolBufferException {
        return new EntityReply(reply.getEntityType(), reply.getEntityId(), reply.getMethod(), outcome(reply));
    }

    private CommandOutcome outcome(CommandReply reply) throws InvalidProtocolBufferException {
        return switch (reply.getOutcomeCase()) {
            case COMPLETED -> completed(reply);
            case REJECTED -> rejection(reply.getRejected());
            case NOT_SERVED -> new NotServing(reply.getNotServed().getReason());
            case UNKNOWN -> new OutcomeUnknown(reply.getUnknown().getReason());
            case OUTCOME_NOT_SET -> new OutcomeUnknown("a newer release answered in a way that this one cannot read");
        };
    }

    private CommandOutcome completed(CommandReply reply) throws InvalidProtocolBufferException {
        var type = EntityRegistry.ID.get(system).find(reply.getEntityType());
        var method = type == null ? null : type.method(reply.getMethod());
        if (method == null) return new OutcomeUnknown("the reply to " + reply.getMethod() + " cannot be read here");
        var payload = reply.getCompleted();
        Message message = method.reply().getParserForType().parseFrom(payload.getPayload());
        return new CommandOutcome.Completed(payload.getRevision(), message, payload.getReplayed());
    }

    private static Rejection rejection(CommandReply.Rejected rejected) {
        Rejection.Code code;
        try {
            code = Rejection.Code.valueOf(rejected.getCode());
        } catch (IllegalArgumentException newer) {
            code = Rejection.Code.FAILED_PRECONDITION;
        }
        return Rejection.ofField(code, rejected.getField(), rejected.getMessage());
    }

    private static MessageLite toProto(HeadWatch watch) {
        return dev.parvi.protobuf.HeadWatch.newBuilder()
                .setEntityType(watch.type())
                .setEntityId(watch.id())
                .setBeyond(watch.beyond())
                .setDeadlineMillis(watch.deadlineMillis())
                .build();
    }

    private static HeadWatch fromProto(dev.parvi.protobuf.HeadWatch watch) {
        return new HeadWatch(watch.getEntityType(), watch.getEntityId(), watch.getBeyond(), watch.getDeadlineMillis());
    }

    private static MessageLite toProto(HeadReply reply) {
        return dev.parvi.protobuf.HeadReply.newBuilder()
                .setEntityType(reply.type())
                .setEntityId(reply.id())
                .setRevision(reply.revision())
                .build();
    }

    private static HeadReply fromProto(dev.parvi.protobuf.HeadReply reply) {
        return new HeadReply(reply.getEntityType(), reply.getEntityId(), reply.getRevision());
    }

    private record Kind(String manifest, Function<Object, MessageLite> toProto) {}
}
