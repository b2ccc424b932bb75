package dev.tandem.dl4j;

/** What is to compute, as the one who starts the server wants it. */
public enum BackendChoice {
  /** A GPU if there is one that can, else the processor. */
  AUTO,
  /** The processor. */
  CPU,
  /** A GPU; if that can't be, the server does not start. */
  CUDA
}
