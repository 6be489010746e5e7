package dev.parvi.http.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.parvi.entity.EntityType;
import dev.parvi.http.openapi.HttpContract.Call;
import dev.parvi.http.openapi.HttpContract.Problem;
import dev.parvi.http.openapi.proto.BrowseRequest;
import dev.parvi.http.openapi.proto.Everything;
import dev.parvi.http.openapi.proto.Order;
import dev.parvi.http.openapi.proto.Receipt;
import dev.parvi.http.openapi.proto.SearchRequest;
import dev.parvi.http.openapi.proto.ShopEvent;
import dev.parvi.http.openapi.proto.ShopProto;
import dev.parvi.http.openapi.proto.ShopState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The entity type of {@code shop.proto}, an edge's contract, and the document of both. */
@SuppressWarnings("deprecation") // one of its messages is, on purpose
final class Shop {
    static final String PACKAGE = "parvi.openapi.test.";
    static final EntityType<ShopState, ShopEvent> TYPE = EntityType.of(
                    "shop",
                    ShopProto.getDescriptor().findServiceByName("Shop"),
                    ShopState.getDefaultInstance(),
                    ShopEvent.getDefaultInstance(),
                    List.of(
                            method(0, "PlaceOrder", false, Order.getDefaultInstance(), Receipt.getDefaultInstance()),
                            method(1, "Close", false, Empty.getDefaultInstance(), Empty.getDefaultInstance()),
                            method(
                                    2,
                                    "Search",
                                    true,
                                    SearchRequest.getDefaultInstance(),
                                    Everything.getDefaultInstance()),
                            method(
                                    3,
                                    "Browse",
                                    true,
                                    BrowseRequest.getDefaultInstance(),
                                    Receipt.getDefaultInstance())))
            .withComments(List.of(
                    PACKAGE + "Shop A shop on the corner.",
                    PACKAGE + "Shop.PlaceOrder Takes an order. It is paid\nwhen it comes.",
                    PACKAGE + "Shop.Search Looks for things.",
                    PACKAGE + "Item.name What it is called, such as \"soap\".",
                    PACKAGE + "SearchRequest.text What to look for, such as \"red soap\".",
                    PACKAGE + "Colour How it looks.",
                    PACKAGE + "Colour.RED Like a rose.",
                    PACKAGE + "Ordered Somebody has ordered.",
                    PACKAGE + "Receipt What was bought."));

    static final HttpContract CONTRACT = new HttpContract(
            100,
            50,
            1 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            List.of(
                    problem(400, "bad", false, false, EnumSet.allOf(Call.class)),
                    problem(404, "astray", false, false, Set.of()),
                    problem(422, "refused", false, true, EnumSet.allOf(Call.class)),
                    problem(422, "reused", false, true, Set.of(Call.COMMAND)),
                    problem(413, "large", false, false, Set.of(Call.COMMAND, Call.POSTED_QUERY)),
                    problem(503, "away", true, true, EnumSet.allOf(Call.class)),
                    problem(504, "unknown", true, true, Set.of(Call.COMMAND))));

    private Shop() {}

    static String text() {
        return new String(OpenApi.document(List.of(TYPE), CONTRACT), StandardCharsets.UTF_8);
    }

    static JsonNode document() {
        try {
            return new ObjectMapper().readTree(text());
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static EntityType.Method method(int index, String name, boolean isQuery, Message request, Message reply) {
        var path = name.equals("PlaceOrder") ? "place-order" : name.toLowerCase(java.util.Locale.ROOT);
        return new EntityType.Method(index, name, path, isQuery, request, reply);
    }

    private static Problem problem(int status, String code, boolean isRetryable, boolean isOutcome, Set<Call> sentBy) {
        return new Problem(status, code, "urn:test:" + code, "It is " + code, isRetryable, isOutcome, sentBy);
    }
}
