package dev.parvi.runtime;

import dev.parvi.persistence.ClusterClaim;
import dev.parvi.persistence.EventStore;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps two clusters from sharing a store by mistake. The fence would keep them from overwriting each other, but each would stop
 * the entities of the other all the time.
 */
public final class StoreOwnership {
    private static final long PATIENCE_SECONDS = 30;

    private StoreOwnership() {}

    /** Claims a store that is nobody's. Throws {@link StartFailure} if it is another cluster's. */
    static void require(EventStore store, NodeSettings settings, MemberDirectory directory) {
        var own = name(settings, directory);
        var claim = claim(store, own, settings.host(), false);
        if (claim.cluster().equals(own)) return;
        throw StartFailure.of(
                StartFailure.Exit.MACHINE,
                "The store belongs to the cluster \"" + claim.cluster() + "\", which claimed it from "
                        + claim.host()
                        + " on " + claim.since() + "; this node is of \"" + own
                        + "\". Give it another store, or, when no node of \"" + claim.cluster()
                        + "\" runs any more, take it over with parvi store take-over.");
    }

    /** Makes the store this cluster's, whoever had it. Gives the name of the cluster. */
    public static String takeOver(EventStore store, NodeSettings settings) {
        var own = name(settings, MemberDirectory.in(settings.data()));
        return claim(store, own, settings.host(), true).cluster();
    }

    private static String name(NodeSettings settings, MemberDirectory directory) {
        return settings.cluster().isEmpty() ? directory.clusterName() : settings.cluster();
    }

    private static ClusterClaim claim(EventStore store, String cluster, String host, boolean takesOver) {
        try {
            return store.claim(cluster, host, takesOver).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            var cause = failure.getCause() == null ? failure : failure.getCause();
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE,
                    "The store does not say whose it is: " + NodeSettings.sentence(cause.getMessage()));
        } catch (TimeoutException silence) {
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE, "The store did not say within " + PATIENCE_SECONDS + " s whose it is.");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw StartFailure.of(StartFailure.Exit.FAULT, "The node was stopped while it opened its store.");
        }
    }
}
