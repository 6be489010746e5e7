package dev.parvi.transcoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.parvi.transcoding.proto.LibraryProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRulesTest {
    @Test
    void an_rpc_without_an_annotation_has_no_bindings() {
        assertThat(HttpRules.isAnnotated(rpc("Library", "Plain"))).isFalse();
        assertThat(HttpRules.of(rpc("Library", "Plain"), "", false).bindings()).isEmpty();
    }

    @Test
    void a_rule_and_its_additional_ones_are_bindings_in_this_order() {
        var rules = HttpRules.of(rpc("Library", "Lend"), "", false);

        assertThat(rules.faults()).isEmpty();
        assertThat(rules.bindings())
                .extracting(Binding::toString)
                .containsExactly(
                        "POST /v1/shelves/{id}/loans",
                        "PUT /v1/shelves/{id}/books/{book.title}",
                        "PATCH /v1/shelves/{id}:lend");
        assertThat(rules.bindings()).extracting(Binding::body).containsExactly("*", "notes", "");
        assertThat(rules.bindings()).extracting(Binding::responseBody).containsExactly("", "book", "");
        assertThat(rules.bindings().get(1).pathFields()).containsExactly("book.title");
    }

    @Test
    void the_variable_of_the_id_may_have_another_name() {
        var rules = HttpRules.of(rpc("Library", "Return"), "shelf", false);

        assertThat(rules.faults()).isEmpty();
        assertThat(rules.bindings().get(0).pathFields()).containsExactly("reader");
    }

    @Test
    void the_id_is_a_field_too_if_the_request_has_one_of_its_name() {
        var rules = HttpRules.of(rpc("Library", "Return"), "reader", false);

        assertThat(rules.bindings().get(0).pathFields()).contains("reader");
    }

    @Test
    void a_query_may_be_a_get() {
        assertThat(HttpRules.of(rpc("Library", "Find"), "", true).faults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    BadGrammar      | the path "/v1/{id" of rpc BadGrammar ends too early; write what is missing, such as }
                    NoPath          | a binding of rpc NoPath has no path; write get, post, put, patch or delete; HEAD is answered where get is
                    Custom          | rpc Custom has the custom HTTP method "HEAD"; write get, post, put, patch or delete; HEAD is answered where get is
                    Nested          | an additional binding of rpc Nested has additional bindings of its own; write them beside it
                    NoId            | the path "/v1/loans" of rpc NoId does not say which entity is meant; write {id} into it, or {id_variable: "..."} into the option (parvi.v1.entity)
                    LongId          | the path "/v1/{id=shelves/*}" of rpc LongId has an id of the form shelves/*, and ids hold no slash; write {id}
                    NumericId       | the path of rpc NumericId puts the entity's id into parvi.transcoding.test.Numbered.id, which is no single string; rename the field, or choose another variable with {id_variable: "..."} in the option (parvi.v1.entity)
                    UnknownField    | the path "/v1/{id}/{raeder}" of rpc UnknownField has {raeder}, and Loan has no field raeder; known are book, due, notes, reader
                    UnknownInside   | the path "/v1/{id}/{book.name}" of rpc UnknownInside has {book.name}, and Book has no field name; known are title
                    ListInPath      | the path "/v1/{id}/{notes}" of rpc ListInPath has {notes}, and parvi.transcoding.test.Loan.notes is a list or a map; name a single number, text, flag, enum or bytes field
                    MessageInPath   | the path "/v1/{id}/{book}" of rpc MessageInPath has {book}, and parvi.transcoding.test.Loan.book is a message; name a single number, text, flag, enum or bytes field
                    InsideOfAText   | the path "/v1/{id}/{reader.name}" of rpc InsideOfAText has {reader.name}, and parvi.transcoding.test.Loan.reader has no fields; name a single number, text, flag, enum or bytes field
                    InsideOfATime   | the path "/v1/{id}/{due.seconds}" of rpc InsideOfATime has {due.seconds}, and parvi.transcoding.test.Loan.due is written as one value, without its fields; name a single number, text, flag, enum or bytes field
                    GetOnACommand   | the path "/v1/{id}" of rpc GetOnACommand is a GET, and the rpc is a command; write post, put, patch or delete, or mark the rpc NO_SIDE_EFFECTS if it changes nothing
                    DeleteWithABody | the path "/v1/{id}" of rpc DeleteWithABody is a DELETE, which has no body; remove body: its fields then stand in the query; or write post
                    UnknownBody     | the path "/v1/{id}" of rpc UnknownBody has the body book.title, which is no field of Loan; write "*" for all fields, or one of them; known are book, due, notes, reader
                    BodyInPath      | the path "/v1/{id}/{book.title}" of rpc BodyInPath has book in the path and as body; name it once
                    UnknownReply    | the path "/v1/{id}" of rpc UnknownReply answers with reader, which is no field of Receipt; known are book
                    """)
    void a_mistake_names_the_rpc_and_the_path_and_says_what_to_write(String rpc, String fault) {
        var rules = HttpRules.of(rpc("Mistakes", rpc), "", false);

        assertThat(rules.faults()).extracting(Fault::toString).containsExactly(fault);
    }

    private static MethodDescriptor rpc(String service, String name) {
        return LibraryProto.getDescriptor().findServiceByName(service).findMethodByName(name);
    }
}
