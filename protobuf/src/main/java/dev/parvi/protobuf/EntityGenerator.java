package dev.parvi.protobuf;

import java.io.IOException;

/** The protoc plugin: reads a request from standard input, writes the generated files to standard output. */
public final class EntityGenerator {
    private EntityGenerator() {}

    public static void main(String[] arguments) throws IOException {
        throw new IOException("not yet");
    }
}
