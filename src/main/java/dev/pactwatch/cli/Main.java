package dev.pactwatch.cli;

import io.quarkus.runtime.annotations.QuarkusMain;

/** Entry point of the packaged application. */
@QuarkusMain
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.out.println("pactwatch");
  }
}
