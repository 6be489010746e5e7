package dev.parvi.client;

import static dev.parvi.client.HostileServer.event;

import dev.parvi.client.HostileServer.Act;
import dev.parvi.client.bank.AccountEvent;
import dev.parvi.client.bank.AccountHttpClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The rules of Reactive Streams, by their own test kit, whose tests are TestNG's. */
final class PublisherRulesIT {
    private static final Act ENDLESS = exchange -> {
        HostileServer.open(exchange);
        for (var n = 1L; ; n++) HostileServer.write(exchange, event(n));
    };

    private final HostileServer server = HostileServer.playing(ENDLESS);
    private final HostileServer refusing = HostileServer.playing(HostileServer.problem(404, "unknown-type", false));
    private final ParviClient parvi = ParviClient.connect(server.url());
    private final ParviClient refused = ParviClient.connect(refusing.url());

    @AfterEach
    void stop() {
        parvi.close();
        refused.close();
        server.close();
        refusing.close();
    }

    @TestFactory
    Stream<DynamicTest> a_stream_keeps_every_rule() {
        return Arrays.stream(Verification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> verify(method)));
    }

    private void verify(Method rule) throws Throwable {
        var verification = new Verification();
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException failed) {
            var cause = failed.getCause();
            Assumptions.assumeFalse(cause instanceof SkipException, String.valueOf(cause));
            throw cause;
        }
    }

    /** Public, or TestNG's annotations would not be found on its methods. */
    public final class Verification extends FlowPublisherVerification<Event<AccountEvent>> {
        Verification() {
            super(new TestEnvironment(5_000, 200), 2_000);
        }

        @Override
        public Flow.Publisher<Event<AccountEvent>> createFlowPublisher(long elements) {
            return AccountHttpClient.of(parvi, "alice").eventsAfter(0);
        }

        @Override
        public Flow.Publisher<Event<AccountEvent>> createFailedFlowPublisher() {
            return AccountHttpClient.of(refused, "alice").eventsAfter(0);
        }

        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }
    }
}
