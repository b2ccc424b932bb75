/**
 * Images and their labels, from where they lie to what networks take.
 *
 * <p>{@link dev.tandem.data.ExampleStore} gives trainings their {@link dev.tandem.data.Examples}
 * and viewers their test images. {@code Datasets} has them by their names: a {@code
 * PublishedDataset} is embedded in the program, or downloaded ({@code Download}, which holds the
 * process's one HTTP client, by way of {@code Proxies}); {@code OwnFolders} finds the operator's,
 * an {@code IdxFolder} or an {@code ImageFolder} each. {@code IdxFile} and {@code GreyImage} read
 * their formats, {@code Fingerprint} tells images from others. {@code Shared} has several who ask
 * at once wait for one reading. {@link dev.tandem.data.DatasetList} says what there is.
 */
package dev.tandem.data;
