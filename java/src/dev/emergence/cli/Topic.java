package dev.emergence.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Pages on the work as a whole, beside those on single errors. */
enum Topic {
  RESUME("what happens when the same command runs again"),
  WORKERS("crashes, retries, several commands on one folder, exit codes"),
  CLUSTERS("Slurm, and workers on several machines"),
  WATCHING("a live page of results, and the report"),
  TRAINING("data sets of a fixed size, and learning rates of some parameters"),
  TASKS("what is to be learned, where attention must go for it, and what strategies reach"),
  MIXERS("the architectures: what each lets a position know of the others, and their keys"),
  STUDIES(
      "what heads do in trained models, when a level is crossed: tables from stored parameters"),
  WEIGHTS("what exported weights and sequences are, and how to compute with them in PyTorch"),
  INTERVALS("what intervals and p-values mean, and how often they hold in simulations"),
  CHECKPOINTS(
      "when public checkpoints solve prompts: which files to fetch, and how large they are"),
  GLOSSARY("the words that files, messages and documentation use"),
  CHANGES("what a new version changes for those who have files and results of an older one");

  private final String title;

  Topic(String title) {
    this.title = title;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String title() {
    return title;
  }

  static Optional<Topic> of(String word) {
    return Arrays.stream(values()).filter(t -> t.name().equalsIgnoreCase(word.strip())).findFirst();
  }

  /** The page, in Markdown. */
  String page() {
    try (InputStream in = Topic.class.getResourceAsStream("explain/" + word() + ".md")) {
      if (in == null) {
        throw new IllegalStateException("no page for " + word());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
