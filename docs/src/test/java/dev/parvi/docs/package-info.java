/**
 * Tests that keep the house in order: what is written about it is run, and what is agreed about it is checked.
 *
 * <p>Read {@link dev.parvi.docs.TidyRules} first: a rule takes a file and returns what is wrong with it, as data. {@code TidyTest}
 * gives it every file of the repository, and then one bad file for each rule, so that a rule that has gone blind is noticed.
 * {@code ArchitectureTest} does the same with compiled classes and {@link dev.parvi.docs.HouseRules}. {@code ReadmeDocTest} types
 * what the README tells its reader to type, and compares.
 */
@NullMarked
package dev.parvi.docs;

import org.jspecify.annotations.NullMarked;
