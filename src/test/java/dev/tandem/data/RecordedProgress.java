package dev.tandem.data;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Remembers its messages; can be cancelled from any thread. */
class RecordedProgress implements Progress {
  final List<String> messages = new CopyOnWriteArrayList<>();
  final CountDownLatch told = new CountDownLatch(1);
  volatile boolean cancelled;

  @Override
  public void message(String text) {
    messages.add(text);
    told.countDown();
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }
}
