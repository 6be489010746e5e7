package dev.parvi.entity;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Tells two requests apart in 16 bytes: the first half of SHA-256 over the binary form with map entries in order. */
final class RequestDigest {
    private static final int BYTES = 16;

    private RequestDigest() {}

    static ByteString of(Message request) {
        var bytes = new byte[request.getSerializedSize()];
        var output = CodedOutputStream.newInstance(bytes);
        output.useDeterministicSerialization();
        try {
            request.writeTo(output);
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes), 0, BYTES);
        } catch (IOException impossible) {
            throw new UncheckedIOException("an array of the serialized size was too small", impossible);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
