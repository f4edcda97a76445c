package dev.emergence.report;

import dev.emergence.analysis.Verdict;

/** Small coloured words; the word alone says it too. */
final class Badge {
  private Badge() {}

  static String of(Verdict verdict) {
    return of(
        verdict.word(),
        verdict == Verdict.HOLDS ? "good" : verdict == Verdict.FAILS ? "bad" : "open");
  }

  static String of(boolean holds) {
    return of(holds ? Verdict.HOLDS : Verdict.FAILS);
  }

  static String of(String word, String kind) {
    return "<span class=\"badge " + kind + "\">" + Html.escape(word) + "</span>";
  }
}
