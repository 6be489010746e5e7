/** The tutorial: an account, with two commands, a query and a rule. */
@NullMarked
package dev.parvi.samples.bank;

import org.jspecify.annotations.NullMarked;
