package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.HostArray;
import dev.emergence.tensor.HostDraw;
import dev.emergence.tensor.Tensor;
import java.util.List;

/** Batches that plain Java draws. */
final class HostSampler {
  private HostSampler() {}

  static void draw(HostDraw draw) {
    List<HostArray> arrays = draw.room();
    for (int r = 0; r < draw.step().replicas(); r++) {
      int step = ints(draw.step())[start(draw.step(), r)];
      draw.fill(r, step, arrays);
      for (int i = 0; i < arrays.size(); i++) {
        put(draw.out().get(i), r, arrays.get(i));
      }
    }
  }

  private static void put(Tensor to, int replica, HostArray from) {
    int at = start(to, replica);
    if (from.isFloats()) {
      double[] doubles = HostBuffer.doubles(to);
      for (int i = 0; i < from.size(); i++) {
        doubles[at + i] = from.floats()[i];
      }
    } else {
      System.arraycopy(from.ints(), 0, ints(to), at, from.size());
    }
  }
}
