package dev.parvi.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheControlTest {
    private static MethodDescriptor rpc(MethodOptions.Builder options) {
        var method = MethodDescriptorProto.newBuilder()
                .setName("Get")
                .setInputType("M")
                .setOutputType("M")
                .setOptions(options);
        var file = FileDescriptorProto.newBuilder()
                .setName("a.proto")
                .addMessageType(DescriptorProto.newBuilder().setName("M"))
                .addService(ServiceDescriptorProto.newBuilder().setName("S").addMethod(method));
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0])
                    .getServices()
                    .get(0)
                    .getMethods()
                    .get(0);
        } catch (DescriptorValidationException mistaken) {
            throw new AssertionError(mistaken);
        }
    }

    private static MethodOptions.Builder query() {
        return MethodOptions.newBuilder().setIdempotencyLevel(IdempotencyLevel.NO_SIDE_EFFECTS);
    }

    private static MethodDescriptor query(String value) {
        return rpc(query().setExtension(OptionsProto.cacheControl, value));
    }

    @Test
    void without_the_option_queries_are_asked_each_time_and_commands_are_not_kept() {
        assertThat(CacheControl.of(rpc(query()))).isEqualTo("no-cache");
        assertThat(CacheControl.of(rpc(MethodOptions.newBuilder()))).isEqualTo("no-store");
        assertThat(CacheControl.faultOf(rpc(query()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-store",
                "private, no-cache",
                "public, max-age=0",
                "public,max-age=5,s-maxage=60",
                "max-age=5, stale-while-revalidate=30, stale-if-error=86400, must-revalidate",
                "public, max-age=31536000, immutable, no-transform"
            })
    void what_caches_understand_is_taken_as_it_is(String value) {
        assertThat(CacheControl.faultOf(query(value))).isEmpty();
        assertThat(CacheControl.of(query(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                    | has ""; write directives such as
            maxage=5              | has "maxage=5"; write directives such as
            max-age               | has "max-age"; write directives such as
            max-age=5s            | has "max-age=5s"; write directives such as
            max-age=-1            | has "max-age=-1"; write directives such as
            max-age=9999999999    | has "max-age=9999999999"; write directives such as
            Public                | has "Public"; write directives such as
            public max-age=5      | has "public max-age=5"; write directives such as
            public,               | has ""; write directives such as
            max-age=5, max-age=6  | says max-age=6 after it has said so before; write it once
            public, private       | is for all and for one reader; write public or private
            no-store, max-age=5   | keeps what no-store does not let it keep; write no-store alone
            """)
    void what_none_understands_is_named_with_what_to_write_instead(String value, String fault) {
        assertThat(CacheControl.faultOf(query(value)))
                .startsWith("the cache_control \"" + value + "\" of rpc Get " + fault);
    }

    @Test
    void a_line_end_does_not_get_into_a_header() {
        assertThat(CacheControl.faultOf(query("public\r\nSet-Cookie: a=b"))).contains("; write directives such as");
        assertThat(CacheControl.faultOf(query("public\n"))).contains("; write directives such as");
    }
}
