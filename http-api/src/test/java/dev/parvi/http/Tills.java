package dev.parvi.http;

import dev.parvi.entity.EntityType;
import dev.parvi.http.proto.Balance;
import dev.parvi.http.proto.DepositRequest;
import dev.parvi.http.proto.Everything;
import dev.parvi.http.proto.GetRequest;
import dev.parvi.http.proto.RefuseRequest;
import dev.parvi.http.proto.TillProto;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Entity types with paths of their authors'; wallets by other names. */
final class Tills {
    private static final Map<String, EntityType.Method> METHODS = Map.of(
            "Deposit",
            new EntityType.Method(
                    0, "Deposit", "deposit", false, DepositRequest.getDefaultInstance(), Balance.getDefaultInstance()),
            "Refuse",
            new EntityType.Method(
                    1, "Refuse", "refuse", false, RefuseRequest.getDefaultInstance(), Balance.getDefaultInstance()),
            "Keep",
            new EntityType.Method(
                    3, "Keep", "keep", false, Everything.getDefaultInstance(), Everything.getDefaultInstance()),
            "Get",
            new EntityType.Method(4, "Get", "get", true, GetRequest.getDefaultInstance(), Balance.getDefaultInstance()),
            "Show",
            new EntityType.Method(
                    5, "Show", "show", true, Everything.getDefaultInstance(), Everything.getDefaultInstance()));

    static final List<EntityType<?, ?>> TYPES = List.of(of("Till"), of("Jar"), WalletEntity.TYPE);

    private Tills() {}

    /** The type of a service of {@code till.proto}. */
    static EntityType<?, ?> of(String service) {
        var descriptor = TillProto.getDescriptor().findServiceByName(service);
        return EntityType.of(
                service.toLowerCase(Locale.ROOT),
                descriptor,
                WalletEntity.TYPE.initialState(),
                WalletEntity.TYPE.event(),
                descriptor.getMethods().stream()
                        .map(rpc -> METHODS.get(rpc.getName()))
                        .toList());
    }
}
