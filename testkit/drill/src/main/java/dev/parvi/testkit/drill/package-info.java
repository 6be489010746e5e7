/**
 * Random failures from a seed, against a real cluster under load, with a verdict. Read {@link dev.parvi.testkit.drill.Schedule} first,
 * then {@link dev.parvi.testkit.drill.Drill}.
 */
@NullMarked
package dev.parvi.testkit.drill;

import org.jspecify.annotations.NullMarked;
