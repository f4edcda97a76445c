package dev.emergence.backend;

import dev.emergence.backend.Em.em_buffer;
import dev.emergence.tensor.Buffer;
import dev.emergence.tensor.DType;

/** A buffer of a native context. @param context whose memory it is @param handle NULL never */
record NativeBuffer(NativeContext context, DType dtype, long elements, em_buffer handle) implements Buffer {}
