package dev.tandem.nn;

/**
 * Bytes of memory that a network takes.
 *
 * @param heap on the Java heap
 * @param outside where the products can reach them
 */
public record MemoryNeeds(long heap, long outside) {}
