package dev.parvi.entity;

import com.google.protobuf.Message;
import java.util.List;

/** The test entity, written by hand: what the generator makes for an author. */
public final class Ledger extends Entity<LedgerState, LedgerEvent> {
    public static final EntityType<LedgerState, LedgerEvent> TYPE = EntityType.of(
            "ledger",
            LedgerProto.getDescriptor().findServiceByName("Ledger"),
            LedgerState.getDefaultInstance(),
            LedgerEvent.getDefaultInstance(),
            List.of(
                    method(0, "Add", "add", false),
                    method(1, "Split", "split", false),
                    method(2, "Take", "take", false),
                    method(3, "Fail", "fail", false),
                    method(4, "Curse", "curse", false),
                    method(5, "Read", "read", true)));

    private static EntityType.Method method(int index, String name, String path, boolean isQuery) {
        return new EntityType.Method(
                index, name, path, isQuery, Amount.getDefaultInstance(), Total.getDefaultInstance());
    }

    @Override
    public EntityType<LedgerState, LedgerEvent> type() {
        return TYPE;
    }

    @Override
    protected Effect<?> decide(EntityType.Method method, LedgerState state, Message request, CommandContext context) {
        var amount = ((Amount) request).getAmount();
        return switch (method.name()) {
            case "Add" -> persist(added(amount)).thenReply(Ledger::total);
            case "Split" ->
                persist(added(amount / 2), added(amount - amount / 2)).thenReply(Ledger::total);
            case "Take" ->
                amount > state.getTotal()
                        ? reject(Rejection.Code.FAILED_PRECONDITION, "amount", "the total is " + state.getTotal())
                        : persist(added(-amount)).thenReply(Ledger::total);
            case "Fail" -> throw new IllegalStateException("as asked");
            case "Curse" -> persist(cursed(amount)).thenReply(Ledger::total);
            case "Read" -> reply(total(state));
            default -> throw new AssertionError(method.name());
        };
    }

    @Override
    protected LedgerState apply(LedgerState state, LedgerEvent event) {
        if (event.hasCursed() && event.getCursed().getAmount() == 13) throw new IllegalStateException("cursed");
        return state.toBuilder()
                .setTotal(state.getTotal() + event.getAdded().getAmount())
                .setEvents(state.getEvents() + 1)
                .build();
    }

    public static LedgerEvent added(long amount) {
        return LedgerEvent.newBuilder()
                .setAdded(Added.newBuilder().setAmount(amount))
                .build();
    }

    public static LedgerEvent cursed(long amount) {
        return LedgerEvent.newBuilder()
                .setCursed(Cursed.newBuilder().setAmount(amount))
                .build();
    }

    private static Total total(LedgerState state) {
        return Total.newBuilder().setTotal(state.getTotal()).build();
    }
}
