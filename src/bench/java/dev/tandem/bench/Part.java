package dev.tandem.bench;

/** Something to be measured, in a bounded time. */
interface Part {
  void run(Report report) throws Exception;
}
