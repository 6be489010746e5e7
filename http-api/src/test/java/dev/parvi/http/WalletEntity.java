package dev.parvi.http;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.Entity;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.Rejection;
import dev.parvi.http.proto.Balance;
import dev.parvi.http.proto.DepositRequest;
import dev.parvi.http.proto.Deposited;
import dev.parvi.http.proto.Everything;
import dev.parvi.http.proto.GetRequest;
import dev.parvi.http.proto.RefuseRequest;
import dev.parvi.http.proto.WalletEvent;
import dev.parvi.http.proto.WalletProto;
import dev.parvi.http.proto.WalletState;
import java.util.List;

/** What the generator would write and an author would extend, in one. */
final class WalletEntity extends Entity<WalletState, WalletEvent> {
    /** Whose name begins so does not tell its balance. */
    static final String SHY = "shy-";

    static final EntityType<WalletState, WalletEvent> TYPE = EntityType.of(
            "wallet",
            WalletProto.getDescriptor().findServiceByName("Wallet"),
            WalletState.getDefaultInstance(),
            WalletEvent.getDefaultInstance(),
            List.of(
                    command(0, "Deposit", DepositRequest.getDefaultInstance()),
                    command(1, "Refuse", RefuseRequest.getDefaultInstance()),
                    command(2, "Break", Empty.getDefaultInstance()),
                    new EntityType.Method(
                            3, "Keep", "keep", false, Everything.getDefaultInstance(), Everything.getDefaultInstance()),
                    new EntityType.Method(
                            4, "Get", "get", true, GetRequest.getDefaultInstance(), Balance.getDefaultInstance()),
                    new EntityType.Method(
                            5,
                            "Show",
                            "show",
                            true,
                            Everything.getDefaultInstance(),
                            Everything.getDefaultInstance())));

    private static EntityType.Method command(int index, String name, Message request) {
        return new EntityType.Method(
                index, name, name.toLowerCase(java.util.Locale.ROOT), false, request, Balance.getDefaultInstance());
    }

    @Override
    public EntityType<WalletState, WalletEvent> type() {
        return TYPE;
    }

    @Override
    protected Effect<?> decide(EntityType.Method method, WalletState state, Message request, CommandContext context) {
        return switch (method.name()) {
            case "Deposit" -> deposit((DepositRequest) request);
            case "Refuse" -> refuse((RefuseRequest) request);
            case "Keep" ->
                persist(WalletEvent.newBuilder().setKept((Everything) request).build())
                        .thenReply(after -> (Everything) request);
            case "Get" ->
                context.entityId().startsWith(SHY)
                        ? reject(Rejection.Code.NOT_FOUND, "there is no such wallet")
                        : reply(balance(state));
            case "Show" -> reply((Everything) request);
            default -> throw new IllegalStateException("broken on purpose");
        };
    }

    private Effect<Balance> deposit(DepositRequest command) {
        if (command.getAmount() < 0) return reject(Rejection.Code.INVALID_ARGUMENT, "amount", "must not be negative");
        var deposited = Deposited.newBuilder().setAmount(command.getAmount());
        return persist(WalletEvent.newBuilder().setDeposited(deposited).build()).thenReply(WalletEntity::balance);
    }

    private Effect<Balance> refuse(RefuseRequest command) {
        var code = Rejection.Code.valueOf(command.getCode());
        return command.getField().isEmpty()
                ? reject(code, "refused as asked")
                : reject(code, command.getField(), "refused as asked");
    }

    @Override
    protected WalletState apply(WalletState state, WalletEvent event) {
        return state.toBuilder()
                .setBalance(state.getBalance() + event.getDeposited().getAmount())
                .build();
    }

    private static Balance balance(WalletState state) {
        return Balance.newBuilder().setBalance(state.getBalance()).build();
    }
}
