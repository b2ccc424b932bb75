package dev.tandem.data;

/** Whom a long task tells how far it is, and asks whether it is still wanted. */
public interface Progress {
  /** Nobody is told, and it is not given up. */
  Progress UNHEARD =
      new Progress() {
        @Override
        public void message(String text) {}

        @Override
        public boolean cancelled() {
          return false;
        }
      };

  /** Takes a short text for a person, such as {@code Downloading MNIST: train-images 34%}. */
  void message(String text);

  /** Whether the task should stop; asked about 20 times a second, so it answers at once. */
  boolean cancelled();
}
