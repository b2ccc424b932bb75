package dev.tandem;

import dev.tandem.dl4j.BackendChoice;
import dev.tandem.web.Access;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the server is started.
 *
 * @param host address to listen on
 * @param port to listen on; 0 for any free one
 * @param dataDir where the history and downloads are kept
 * @param database of a PostgreSQL server, {@code jdbc:postgresql:…}; empty for SQLite in the data
 *     directory
 * @param keepRuns how many runs the history holds
 * @param resume whether to go on with runs that a server before this one left unfinished
 * @param workers trainings at a time
 * @param activeRuns runs at a time
 * @param backend what is to compute
 * @param datasets the operator's own, a folder for each; or MNIST's four files
 * @param mirrors where the full MNIST is downloaded from, and other public datasets in a folder of
 *     their name below; empty for the public mirrors
 * @param access who may do what
 */
public record Settings(
    String host,
    int port,
    Path dataDir,
    Optional<String> database,
    int keepRuns,
    boolean resume,
    int workers,
    int activeRuns,
    BackendChoice backend,
    Optional<Path> datasets,
    List<URI> mirrors,
    Access access) {}
