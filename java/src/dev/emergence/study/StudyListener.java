package dev.emergence.study;

import java.util.Map;

/** Hears how far {@link StudyWork} has come. Its workers call it at the same time. */
public interface StudyListener {
  /** A listener that does nothing. */
  StudyListener SILENT =
      new StudyListener() {
        @Override
        public void studying(Map<String, Integer> parts, int atOnce) {}

        @Override
        public void studied(String study, String run, double seconds, String trouble) {}
      };

  /**
   * The work begins.
   *
   * @param parts how many runs are to be studied, by the name of the study
   * @param atOnce most of them that are studied side by side
   */
  void studying(Map<String, Integer> parts, int atOnce);

  /**
   * A run is studied, or could not be.
   *
   * @param seconds that it took here; 0 where another process has done it meanwhile
   * @param trouble why it could not be; else empty
   */
  void studied(String study, String run, double seconds, String trouble);
}
