package dev.parvi.testkit;

import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.ReadEffect;
import dev.parvi.entity.Rejection;

/** Counts. Refuses 13, breaks at 666, and cannot apply 777. */
class Counter extends CounterEntity {
    @Override
    protected Effect<Total> add(CounterState state, AddRequest command, CommandContext context) {
        if (command.getAmount() == 13) return reject(Rejection.Code.INVALID_ARGUMENT, "amount", "unlucky");
        if (command.getAmount() == 666) throw new UnsupportedOperationException("broken at 666");
        if (command.getAmount() == 0) return reply(total(state, context));
        return persist(added(command.getAmount())).thenReply(after -> total(after, context));
    }

    @Override
    protected ReadEffect<Total> get(CounterState state, GetRequest query, CommandContext context) {
        return reply(total(state, context));
    }

    @Override
    protected CounterState added(CounterState state, Added event) {
        if (event.getAmount() == 777) throw new ArithmeticException("777 is too odd");
        return state.toBuilder().setTotal(state.getTotal() + event.getAmount()).build();
    }

    private static Total total(CounterState state, CommandContext context) {
        return Total.newBuilder()
                .setTotal(state.getTotal())
                .setCaller(context.principal())
                .setTimeMillis(context.time().toEpochMilli())
                .build();
    }
}
