package dev.parvi.testkit.drill;

import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.ReadEffect;

/** Counts how often it was asked. */
final class Gadget extends GadgetEntity {
    @Override
    protected Effect<GadgetState> turn(GadgetState state, TurnRequest command, CommandContext context) {
        return persist(turned()).thenReply(after -> after);
    }

    @Override
    protected Effect<GadgetState> book(GadgetState state, BookRequest command, CommandContext context) {
        return persist(turned()).thenReply(after -> after);
    }

    @Override
    protected Effect<GadgetState> elsewhere(GadgetState state, BookRequest command, CommandContext context) {
        return persist(turned()).thenReply(after -> after);
    }

    @Override
    protected ReadEffect<GadgetState> look(GadgetState state, LookRequest query, CommandContext context) {
        return reply(state);
    }

    @Override
    protected GadgetState turned(GadgetState state, Turned event) {
        return state.toBuilder().setTurns(state.getTurns() + 1).build();
    }
}
