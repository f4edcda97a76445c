package dev.emergence.task;

import dev.emergence.spec.SyntheticLanguage;
import dev.emergence.spec.SyntheticLanguage.FunctionWord;
import java.util.stream.IntStream;

/** A stretch of {@link SyntheticLanguage} that a rule continues, with all that was drawn for it. */
interface Episode {

  /** Its tokens. */
  int length();

  /** How many of its last tokens are the answer that a prompt asks for. */
  default int answers() {
    return 1;
  }

  /** Writes it at the end of a sequence. */
  void write(Sentence to, Background words);

  /** A string of digits, the separator, the string again. */
  record Copy(int[] digits) implements Episode {
    @Override
    public int length() {
      return 2 * digits.length + 1;
    }

    @Override
    public int answers() {
      return digits.length;
    }

    @Override
    public void write(Sentence to, Background words) {
      int start = to.length();
      for (int digit : digits) {
        to.oneOf(digit, SyntheticLanguage.DIGITS);
      }
      to.fixed(SyntheticLanguage.SEPARATOR);
      for (int i = 0; i < digits.length; i++) {
        to.follows(start + i, foil(i));
      }
    }

    /** The next digit of the string that is another one. */
    private int foil(int i) {
      return IntStream.range(1, digits.length)
          .map(j -> digits[(i + j) % digits.length])
          .filter(d -> d != digits[i])
          .findFirst()
          .orElse((digits[i] + 1) % SyntheticLanguage.DIGITS);
    }
  }

  /**
   * Two names, some words, the two names again.
   *
   * @param choices names that the first one was drawn from
   * @param gap words between
   */
  record Repetition(int first, int second, int choices, int gap) implements Episode {
    @Override
    public int length() {
      return gap + 4;
    }

    @Override
    public void write(Sentence to, Background words) {
      int start = to.length();
      to.oneOf(first, choices);
      to.oneOf(second, choices - 1);
      for (int i = 0; i < gap; i++) {
        words.write(to);
      }
      to.fixed(first);
      to.follows(start + 1, first);
    }
  }

  /**
   * Some words over and over.
   *
   * @param period the words, in order
   * @param choices words that the first one was drawn from
   */
  record Pattern(int[] period, int choices, int length) implements Episode {
    @Override
    public void write(Sentence to, Background words) {
      int start = to.length();
      int fresh = choices;
      for (int i = 0; i < length; i++) {
        int letter = period[i % period.length];
        if (i >= 2 * period.length) {
          to.follows(start + i - period.length, foil(i % period.length));
        } else if (i >= period.length || i == 1 && letter == period[0]) {
          to.fixed(letter);
        } else {
          to.oneOf(letter, fresh--);
        }
      }
    }

    /** The next word of the pattern that is another one. */
    private int foil(int i) {
      return IntStream.range(1, period.length)
          .map(j -> period[(i + j) % period.length])
          .filter(letter -> letter != period[i])
          .findFirst()
          .orElseThrow();
    }
  }

  /**
   * "when A and B went to PLACE, B gave OBJECT to A".
   *
   * @param asked the name that is named once, A
   * @param subject the name that is named twice, B
   * @param askedFirst whether A stands before B
   * @param choices names that the first one was drawn from
   * @param spec knows how many places and objects there are
   */
  record IndirectObject(
      int asked,
      int subject,
      boolean askedFirst,
      int place,
      int object,
      int choices,
      SyntheticLanguage spec)
      implements Episode {
    /** Tokens of the sentence, the answer included. */
    static final int LENGTH = 13;

    @Override
    public int length() {
      return LENGTH;
    }

    @Override
    public void write(Sentence to, Background words) {
      int start = to.length();
      to.fixed(FunctionWord.WHEN.token());
      to.oneOf(askedFirst ? asked : subject, choices);
      to.fixed(FunctionWord.AND.token());
      to.oneOf(askedFirst ? subject : asked, choices - 1);
      to.fixed(FunctionWord.WENT.token());
      to.fixed(FunctionWord.TO.token());
      to.oneOf(place, spec.places().count());
      to.fixed(FunctionWord.COMMA.token());
      to.oneOf(subject, 2);
      to.fixed(FunctionWord.GAVE.token());
      to.oneOf(object, spec.objects().count());
      to.fixed(FunctionWord.TO.token());
      to.follows(start + (askedFirst ? 1 : 3), subject);
    }
  }
}
