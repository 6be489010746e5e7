/**
 * The contracts of Parvi and the generator of entity classes.
 *
 * <p>The messages live in {@code parvi/v1/*.proto}. {@code options.proto} is what authors import; {@code record.proto} is what
 * is stored, for years; {@code envelope.proto} is what nodes say to each other. {@link dev.parvi.protobuf.EntityGenerator} is a
 * protoc plugin: it reads every service with the entity option and writes the class to extend and typed clients.
 */
@NullMarked
package dev.parvi.protobuf;

import org.jspecify.annotations.NullMarked;
