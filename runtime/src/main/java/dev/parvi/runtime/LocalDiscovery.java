package dev.parvi.runtime;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/** Discovery method {@code parvi-local}: finds contact points in the settings or, without those, in the data folder. */
final class LocalDiscovery extends ServiceDiscovery {
    private final NodeSettings settings;

    /** Called by Pekko, by the name in the configuration. */
    LocalDiscovery(ExtendedActorSystem system) {
        this.settings = NodeSettings.from(system.settings().config());
    }

    @Override
    public Future<Resolved> lookup(Lookup lookup, FiniteDuration resolveTimeout) {
        try {
            var targets = contactPoints().stream().map(LocalDiscovery::target).toList();
            return Future$.MODULE$.successful(new Resolved(
                    lookup.serviceName(), CollectionConverters.asScala(targets).toList()));
        } catch (UncheckedIOException e) {
            return Future$.MODULE$.failed(e);
        }
    }

    private List<String> contactPoints() {
        if (!settings.formsInDataFolder()) return settings.contactPoints();
        return MemberDirectory.in(settings.data()).live().stream()
                .map(MemberDirectory.Member::contactPoint)
                .toList();
    }

    private static ResolvedTarget target(String contactPoint) {
        int colon = contactPoint.lastIndexOf(':');
        return new ResolvedTarget(
                contactPoint.substring(0, colon),
                OptionConverters.toScala(Optional.of(Integer.valueOf(contactPoint.substring(colon + 1)))),
                OptionConverters.toScala(Optional.empty()));
    }
}
