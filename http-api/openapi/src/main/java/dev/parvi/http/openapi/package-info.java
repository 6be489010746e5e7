/**
 * Describes the HTTP interface of entities in OpenAPI 3.1, and shows it to people.
 *
 * <p>Read {@link dev.parvi.http.openapi.OpenApi} first: it walks over types and methods and writes a path for each. Messages become
 * schemas in {@link dev.parvi.http.openapi.Schemas}; {@link dev.parvi.http.openapi.Components} holds what operations share.
 * {@link dev.parvi.http.openapi.Pages} keeps the document and the explorer for the edge to serve.
 *
 * <p>Nothing here knows the edge. What it does beyond the {@code .proto} it tells in a {@link dev.parvi.http.openapi.HttpContract};
 * its tests hold every answer against the document.
 */
@NullMarked
package dev.parvi.http.openapi;

import org.jspecify.annotations.NullMarked;
