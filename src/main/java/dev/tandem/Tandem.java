package dev.tandem;

/** Starts the server. */
public final class Tandem {
  private Tandem() {}

  public static void main(String[] args) {}
}
