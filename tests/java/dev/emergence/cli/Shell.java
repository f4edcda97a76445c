package dev.emergence.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** One command, run in this process, with what it said. */
record Shell(int code, String out, String err) {
  static Shell run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(err),
            Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Shell(code, out.toString(), err.toString());
  }
}
