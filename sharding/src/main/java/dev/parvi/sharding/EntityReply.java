package dev.parvi.sharding;

import dev.parvi.entity.CommandOutcome;

/**
 * An outcome with the name of who answers, so that the asker can check that the right entity did.
 *
 * @param method the rpc that is answered, as in the {@code .proto}
 */
record EntityReply(String type, String id, String method, CommandOutcome outcome) {}
