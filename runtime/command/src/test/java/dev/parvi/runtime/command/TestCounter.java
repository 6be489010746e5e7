package dev.parvi.runtime.command;

import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.ReadEffect;
import dev.parvi.runtime.test.v1.AddRequest;
import dev.parvi.runtime.test.v1.Added;
import dev.parvi.runtime.test.v1.Count;
import dev.parvi.runtime.test.v1.CounterEntity;
import dev.parvi.runtime.test.v1.CounterState;
import dev.parvi.runtime.test.v1.GetRequest;

/** Counts. */
public final class TestCounter extends CounterEntity {
    @Override
    protected Effect<Count> add(CounterState state, AddRequest command, CommandContext context) {
        return persist(added(Added.newBuilder().setAmount(command.getAmount()).build()))
                .thenReply(TestCounter::count);
    }

    @Override
    protected ReadEffect<Count> get(CounterState state, GetRequest query, CommandContext context) {
        return reply(count(state));
    }

    @Override
    protected CounterState added(CounterState state, Added event) {
        return state.toBuilder().setCount(state.getCount() + event.getAmount()).build();
    }

    private static Count count(CounterState state) {
        return Count.newBuilder().setCount(state.getCount()).build();
    }
}
