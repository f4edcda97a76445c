package dev.emergence.backend.presets;

import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/**
 * Configures the parser: one class, {@code dev.emergence.backend.Em}, for the whole C interface.
 */
@Properties(
    value =
        @Platform(
            include = {
              "em/context.h",
              "em/gpu.h",
              "em/arithmetic.h",
              "em/tokens.h",
              "em/attention.h",
              "em/readout.h",
              "em/mixers.h",
              "em/training.h",
              "em/sampling.h",
              "em/feed.h"
            },
            link = "emergence",
            library = "jniemergence"),
    global = "dev.emergence.backend.Em")
@NoException
public class EmPresets implements InfoMapper {
  @Override
  public void map(InfoMap infoMap) {
    infoMap.put(new Info("__cplusplus").define(false));
  }
}
