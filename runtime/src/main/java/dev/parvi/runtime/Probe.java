package dev.parvi.runtime;

import dev.parvi.entity.CommandContext;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.ReadEffect;
import dev.parvi.node.v1.LookRequest;
import dev.parvi.node.v1.Looked;
import dev.parvi.node.v1.ProbeEntity;
import dev.parvi.node.v1.ProbeEvent;
import dev.parvi.node.v1.ProbeState;
import dev.parvi.node.v1.Seen;

/** The entity behind readiness: it answers, and that is all. */
final class Probe extends ProbeEntity {
    static final EntityType<ProbeState, ProbeEvent> TYPE = new Probe().type();

    @Override
    protected ReadEffect<Seen> look(ProbeState state, LookRequest request, CommandContext context) {
        return reply(Seen.getDefaultInstance());
    }

    @Override
    protected ProbeState looked(ProbeState state, Looked event) {
        return state;
    }
}
