/**
 * Images and their labels, from where they lie to what networks take.
 *
 * <p>{@link dev.tandem.data.ExampleStore} gives trainings their {@link dev.tandem.data.Examples}
 * and viewers their test images. {@code Datasets} finds these: embedded in the program, in a folder
 * or downloaded ({@code Download}, which holds the process's one HTTP client, by way of {@code
 * Proxies}); {@code IdxFile} reads their format, {@code Fingerprint} tells them from others. {@code
 * Shared} has several who ask at once wait for one reading.
 */
package dev.tandem.data;
