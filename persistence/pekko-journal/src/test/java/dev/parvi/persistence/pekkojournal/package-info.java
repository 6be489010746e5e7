@NullMarked
package dev.parvi.persistence.pekkojournal;

import org.jspecify.annotations.NullMarked;
