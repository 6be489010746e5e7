@NullMarked
package dev.parvi.http;

import org.jspecify.annotations.NullMarked;
