@NullMarked
package dev.parvi.http.openapi;

import org.jspecify.annotations.NullMarked;
