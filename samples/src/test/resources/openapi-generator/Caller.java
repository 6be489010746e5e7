import dev.example.client.ApiClient;
import dev.example.client.ApiException;
import dev.example.client.api.AccountApi;
import dev.example.client.api.DriverApi;
import dev.example.client.api.RoomApi;
import dev.example.client.model.BankV1DepositRequest;
import dev.example.client.model.BankV1WithdrawRequest;
import dev.example.client.model.ParviHttpProblem;
import dev.example.client.model.RidesV1MoveRequest;
import dev.example.client.model.RidesV1Position;
import dev.example.client.model.RidesV1PositionLatitude;
import dev.example.client.model.RidesV1PositionLongitude;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A program of somebody who has nothing but the OpenAPI document, and a client that openapi-generator made of it. */
public final class Caller implements Function<String, List<String>> {
    /** Calls the node at this URL, and says what it was told. */
    @Override
    public List<String> apply(String url) {
        var client = new ApiClient();
        client.updateBaseUri(url);
        var told = new ArrayList<String>();
        try {
            useAccount(client, told);
            useRoom(client, told);
            useDriver(client, told);
        } catch (Exception failure) {
            throw new IllegalStateException("after " + told, failure);
        }
        return told;
    }

    private static void useAccount(ApiClient client, List<String> told) throws Exception {
        var accounts = new AccountApi(client);
        var forty = new BankV1DepositRequest().amount("40");
        told.add("deposit " + accounts.accountDeposit("alice", "k1", null, null, null, forty).getBalance());
        told.add("retry " + accounts.accountDeposit("alice", "k1", null, null, null, forty).getBalance());
        told.add("balance " + accounts.account("alice", null, null, null, null).getBalance());
        var outcome = accounts.accountCommandsKey("alice", "k1", null);
        told.add("outcome " + outcome.getMethod() + " of " + outcome.getReply().getBalance());
        var event = accounts.accountEvents("alice", 0, false, 10, null, null).getEvents().get(0);
        told.add("event " + event.getEvent().getDeposited().getAmount());
        try {
            accounts.accountWithdraw(
                    "alice", null, null, null, null, new BankV1WithdrawRequest().amount("41"));
            told.add("withdrawn");
        } catch (ApiException refused) {
            var problem = client.getObjectMapper().readValue(refused.getResponseBody(), ParviHttpProblem.class);
            told.add("refused " + refused.getCode() + " " + problem.getCode().getValue());
        }
    }

    private static void useRoom(ApiClient client, List<String> told) throws Exception {
        var free = new RoomApi(client).roomAvailability("r1", null, null, null, null, "2026-06-30", 2);
        told.add("free " + free.getNights());
    }

    private static void useDriver(ApiClient client, List<String> told) throws Exception {
        var position = new RidesV1Position()
                .latitude(new RidesV1PositionLatitude(BigDecimal.valueOf(61.5)))
                .longitude(new RidesV1PositionLongitude(BigDecimal.valueOf(-23.8)))
                .sequence("1");
        var moved = new DriverApi(client)
                .driverMove("d1", null, null, null, null, new RidesV1MoveRequest().position(position));
        told.add("at " + moved.getPosition().getLatitude().getActualInstance());
    }
}
