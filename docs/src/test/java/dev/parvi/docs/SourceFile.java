package dev.parvi.docs;

import java.nio.charset.StandardCharsets;

/**
 * One file of the repository.
 *
 * @param path from the repository's root, with slashes
 * @param text the content; empty for a binary file
 */
record SourceFile(String path, String text, long sizeBytes, boolean isText) {
    static SourceFile of(String path, byte[] content) {
        for (var each : content) if (each == 0) return new SourceFile(path, "", content.length, false);
        return new SourceFile(path, new String(content, StandardCharsets.UTF_8), content.length, true);
    }

    static SourceFile of(String path, String text) {
        return of(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The folder that holds {@code src}, which may lie in another module's; for a file beside the sources, the first folder. */
    String module() {
        var sources = path.indexOf("/src/");
        if (sources >= 0) return path.substring(0, sources);
        return path.contains("/") ? path.substring(0, path.indexOf('/')) : "";
    }

    boolean isJava() {
        return path.endsWith(".java");
    }

    boolean isMain() {
        return path.contains("/src/main/");
    }

    boolean isShell() {
        return path.endsWith(".sh") || text.startsWith("#!/usr/bin/env bash") || text.startsWith("#!/bin/");
    }

    int lines() {
        return (int) text.lines().count();
    }

    /** The line, from 1, in which this offset of the text lies. */
    int lineAt(int offset) {
        return 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }
}
