package dev.parvi.runtime;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.parvi.runtime.ManagementServer.Answer;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/** What the management port answers. */
final class ManagementRoutes {
    private final Node node;
    private final ActorSystem system;
    private final Readiness readiness;
    private final Liveness liveness;

    ManagementRoutes(Node node, ActorSystem system, Readiness readiness, Liveness liveness) {
        this.node = node;
        this.system = system;
        this.readiness = readiness;
        this.liveness = liveness;
    }

    void addTo(ManagementServer server) {
        server.on("GET", "/ready", this::ready)
                .on("GET", "/alive", this::alive)
                .on("GET", "/status", this::status)
                .on("POST", "/drain", this::drain)
                .on("GET", "/bootstrap/seed-nodes", this::seedNodes);
    }

    private Answer ready() {
        var verdict = readiness.look();
        if (!verdict.isReady()) return Answer.problem(503, "not-ready", "Not ready: " + verdict.reason() + ".");
        return Answer.json(200, json -> {
            json.writeBooleanField("ready", true);
            json.writeStringField("http", Ports.url(node.http()));
        });
    }

    private Answer alive() {
        return liveness.ailment()
                .map(ailment -> Answer.problem(503, "not-alive", "Restart this node: " + ailment + "."))
                .orElseGet(() -> Answer.json(200, json -> json.writeBooleanField("alive", true)));
    }

    private Answer drain() {
        node.drain();
        return Answer.json(202, json -> json.writeBooleanField("draining", true));
    }

    private Answer status() {
        return Answer.json(200, json -> {
            json.writeStringField("node", node.settings().name());
            json.writeStringField("version", Node.version());
            json.writeNumberField("pid", ProcessHandle.current().pid());
            json.writeStringField("http", Ports.url(node.http()));
            json.writeStringField("management", Ports.url(node.management()));
            writeMembers(json);
            json.writeArrayFieldStart("types");
            for (var type : node.shownTypes()) json.writeString(type);
            json.writeEndArray();
            writeEntities(json);
            writeEdge(json);
            writeStore(json);
        });
    }

    private void writeEdge(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("clients");
        for (var figure : node.edgeFigures().entrySet()) json.writeNumberField(figure.getKey(), figure.getValue());
        json.writeEndObject();
    }

    private void writeMembers(JsonGenerator json) throws IOException {
        var cluster = Cluster.get(system);
        var unreachable = cluster.state().getUnreachable();
        json.writeStringField("address", cluster.selfMember().address().toString());
        json.writeArrayFieldStart("members");
        for (Member member : oldestFirst(cluster)) {
            json.writeStartObject();
            json.writeStringField("address", member.address().toString());
            json.writeStringField("state", member.status().toString());
            json.writeBooleanField("reachable", !unreachable.contains(member));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The first one is where the shard coordinators are. */
    private static List<Member> oldestFirst(Cluster cluster) {
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .sorted((one, other) -> Member.ageOrdering().compare(one, other))
                .toList();
    }

    private void writeEntities(JsonGenerator json) throws IOException {
        var counts = node.entities().counts();
        json.writeObjectFieldStart("entities");
        json.writeNumberField("live", counts.live());
        json.writeNumberField("recovered", counts.recovered());
        json.writeNumberField("unstored", counts.unstored());
        json.writeNumberField("quarantined", counts.quarantined());
        json.writeEndObject();
    }

    private void writeStore(JsonGenerator json) throws IOException {
        var stats = node.store().stats();
        json.writeObjectFieldStart("store");
        json.writeNumberField("appends", stats.appends());
        json.writeNumberField("events", stats.events());
        json.writeNumberField("commits", stats.commits());
        json.writeNumberField("fenced", stats.fenced());
        json.writeNumberField("failed", stats.failed());
        json.writeNumberField("queued", stats.queued());
        json.writeEndObject();
    }

    /** What Pekko's bootstrap asks other nodes, in the form that it understands. */
    private Answer seedNodes() {
        var cluster = Cluster.get(system);
        var unreachable = cluster.state().getUnreachable();
        var seeds = StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .filter(member -> !unreachable.contains(member) && isSeed(member.status()))
                .toList();
        return Answer.json(200, json -> {
            json.writeStringField("selfNode", cluster.selfMember().address().toString());
            json.writeArrayFieldStart("seedNodes");
            for (var member : seeds) {
                json.writeStartObject();
                json.writeStringField("node", member.address().toString());
                json.writeNumberField("nodeUid", member.uniqueAddress().longUid());
                json.writeStringField("status", member.status().toString());
                json.writeArrayFieldStart("roles");
                for (var role : member.getRoles()) json.writeString(role);
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static boolean isSeed(MemberStatus status) {
        return status.equals(MemberStatus.up())
                || status.equals(MemberStatus.weaklyUp())
                || status.equals(MemberStatus.joining());
    }
}
