package dev.emergence.report;

import dev.emergence.result.Picture;
import java.util.List;

/** Where attention patterns come from. */
@FunctionalInterface
public interface PictureSource {
  /** The stored patterns of a run; none when there are none, or when they cannot be read. */
  List<Picture> of(String run);
}
