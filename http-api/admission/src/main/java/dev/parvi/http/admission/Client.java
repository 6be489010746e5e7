package dev.parvi.http.admission;

/** Who has sent a request, as the one who answers it sees them. */
public interface Client {
    /** The rest of the request is here: from now on the client waits for the node, and not the node for the client. */
    void bodyArrived();

    /** Where the request comes from: the last hop, such as a proxy. */
    Source source();
}
