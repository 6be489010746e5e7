/** Read {@code TransferTest} first, then {@code InterruptedTransferTest}. */
@NullMarked
package dev.parvi.persistence.transfer;

import org.jspecify.annotations.NullMarked;
