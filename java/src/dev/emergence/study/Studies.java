package dev.emergence.study;

import dev.emergence.spec.Catalog;
import dev.emergence.spec.HeadAblationSpec;
import dev.emergence.spec.HeadPatchingSpec;
import dev.emergence.spec.LocaliseSpec;
import dev.emergence.spec.StudySpec;
import java.util.Map;
import java.util.function.Function;

/** The catalog of studies: one line each. */
public final class Studies {
  private static final Catalog<StudySpec, Function<StudySpec, Study>> KNOWN =
      Catalog.complete(
          "study",
          StudySpec.class,
          Map.ofEntries(
              entry(HeadAblationSpec.class, HeadAblation::new),
              entry(HeadPatchingSpec.class, HeadPatching::new),
              entry(LocaliseSpec.class, Localise::new)));

  private Studies() {}

  private static <S extends StudySpec>
      Map.Entry<Class<? extends StudySpec>, Function<StudySpec, Study>> entry(
          Class<S> kind, Function<S, Study> make) {
    return Map.entry(kind, spec -> make.apply(kind.cast(spec)));
  }

  /**
   * The study that a file describes.
   *
   * @throws IllegalArgumentException naming the known ones when this one is not
   */
  public static Study of(StudySpec spec) {
    return KNOWN.of(spec).apply(spec);
  }
}
