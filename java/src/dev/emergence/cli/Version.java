package dev.emergence.cli;

import dev.emergence.result.Provenance;
import picocli.CommandLine.IVersionProvider;

/** {@code emergence 0.1.0 (1a2b3c4)}. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String commit = Provenance.commit();
    return new String[] {
      "emergence " + Provenance.version() + (commit.equals("unknown") ? "" : " (" + commit + ")")
    };
  }
}
