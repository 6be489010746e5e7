package dev.parvi.testkit.drill;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a drill is to do, as a person has asked for it.
 *
 * @param command what to type to have it again
 * @param only the mishaps that may happen, as far as the machine allows them
 * @param ids how many entities of each type
 * @param store for people
 * @param config the settings of the store that the nodes share
 * @param arguments more of {@code parvi run} for each node
 * @param idPrefix with what the ids begin, so that a store may have seen another drill
 * @param folder of the nodes' data and logs
 * @param sure types of which every command that is not refused stores something
 */
record Plan(
        long seed,
        String command,
        Duration duration,
        int nodes,
        List<Mishap> only,
        int clients,
        int ids,
        Requests requests,
        String store,
        Config config,
        List<String> arguments,
        String idPrefix,
        Path folder,
        List<String> sure) {}
