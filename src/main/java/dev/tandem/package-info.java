/**
 * Tandem trains two or more neural networks side by side and shows, live, what one change does to
 * training.
 *
 * <p>Read the packages in the order in which the data flows:
 *
 * <ol>
 *   <li>{@code run}: the words everyone uses
 *   <li>{@code coordinator}: takes runs, and numbers what happens in them
 *   <li>{@code data}: the datasets, embedded, in folders or downloaded, as numbers for networks
 *   <li>{@code nn}: networks, layer by layer, and the optimizer that moves them
 *   <li>{@code lens}: what looks into layers while a network learns
 *   <li>{@code dl4j}: the same networks as DeepLearning4J's models, and what computes: ND4J
 *   <li>{@code training}: takes a training off the bus, computes it on a worker thread, reports
 *   <li>{@code store}: makes every event durable before anyone sees it
 *   <li>{@code live}: keeps a run's events, and sends them to the browsers that follow
 *   <li>{@code metrics}: folds the same events into Prometheus metrics
 *   <li>{@code web}: HTTP, WebSockets, the page
 * </ol>
 *
 * <p>The arrows, which a test enforces: {@code coordinator, data, dl4j, training, store, live,
 * metrics, web → run}; {@code lens → run, nn}; {@code dl4j → nn, lens}; {@code training → data, nn,
 * lens, dl4j}; {@code web → live}; this package → all but {@code nn} and {@code lens}. Otherwise
 * they meet on the event bus only.
 *
 * <p>Here, {@link dev.tandem.Tandem} is the program and {@link dev.tandem.Server} the server that
 * it starts, with {@code Flags} read into {@link dev.tandem.Settings}.
 */
package dev.tandem;
