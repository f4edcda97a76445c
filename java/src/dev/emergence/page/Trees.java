package dev.emergence.page;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON objects. */
final class Trees {
  private Trees() {}

  /** An object of keys and values in turn, in this order. */
  static Map<String, Object> of(Object... keysAndValues) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      out.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return out;
  }
}
