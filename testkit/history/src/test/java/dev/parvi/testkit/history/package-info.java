@org.jspecify.annotations.NullMarked
package dev.parvi.testkit.history;
