/**
 * What {@code google/api/http.proto} says of requests, and nothing else of HTTP.
 *
 * <p>Read {@link dev.parvi.transcoding.PathTemplate} first: a path with variables, as an annotation writes it. {@link
 * dev.parvi.transcoding.HttpRules} reads the annotation of an rpc into its {@link dev.parvi.transcoding.Binding}s, or says what is wrong with
 * it: the generator of code calls it, and a node at its start. {@link dev.parvi.transcoding.PathTree} finds the template that a path fits, and
 * what its variables stand for.
 */
@NullMarked
package dev.parvi.transcoding;

import org.jspecify.annotations.NullMarked;
