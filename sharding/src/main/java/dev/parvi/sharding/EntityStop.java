package dev.parvi.sharding;

/** Asks an entity to leave memory once everything it has decided is stored and answered. */
enum EntityStop {
    STOP
}
