package dev.parvi.odd;

import com.google.protobuf.Empty;
import dev.parvi.entity.CommandContext;
import dev.parvi.entity.ReadEffect;
import dev.parvi.odd.types.OddTypes.Things;

/** Answers with the name of the method that was called; counts each kind of event in a digit of its own. */
final class HTTPThing extends HTTPThingEntity {
    @Override
    protected ReadEffect<List> new_(Things.State state, Empty command, CommandContext context) {
        return reply(names("new"));
    }

    @Override
    protected ReadEffect<List> wait_(Things.State state, String command, CommandContext context) {
        return reply(names("wait"));
    }

    @Override
    protected ReadEffect<List> apply_(Things.State state, Effect command, CommandContext context) {
        return reply(names("apply"));
    }

    @Override
    protected ReadEffect<Empty> type_(Things.State state, List command, CommandContext context) {
        return reply(Empty.getDefaultInstance());
    }

    @Override
    protected ReadEffect<String> getHTTP2Name(Things.State state, List query, CommandContext context) {
        return reply(String.newBuilder().setText("name").build());
    }

    @Override
    protected Things.State class_(Things.State state, Things.Created event) {
        return counted(state, 1);
    }

    @Override
    protected Things.State renamed(Things.State state, Renamed event) {
        return state.toBuilder().setToken(event.getLine2Of()).build();
    }

    @Override
    protected Things.State type_(Things.State state, Painted event) {
        return counted(state, 10);
    }

    @Override
    protected Things.State many(Things.State state, Many event) {
        return counted(state, 100);
    }

    @Override
    protected Things.State itself(Things.State state, Itself event) {
        return counted(state, 1_000);
    }

    @Override
    protected Things.State maybe(Things.State state, Maybe event) {
        return counted(state, 10_000);
    }

    @Override
    protected Things.State listChanged2now(Things.State state, ListChanged event) {
        return counted(state, 1_000_000);
    }

    private static Things.State counted(Things.State state, long amount) {
        return state.toBuilder().setCount(state.getCount() + amount).build();
    }

    private static List names(java.lang.String name) {
        return List.newBuilder().addNames(name).build();
    }
}
