package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Parameter;
import dev.emergence.spec.Parameter.Role;
import dev.emergence.spec.ParameterCatalog;
import dev.emergence.spec.Prediction;
import java.util.List;

/** The parameters of every {@link Model}, as files name them. */
public final class ModelParameters implements ParameterCatalog {

  @Override
  public List<Parameter> of(ArchitectureSpec architecture, Prediction task) {
    return Models.create(architecture, Signature.of(task)).layout().parts().stream()
        .map(ModelParameters::of)
        .toList();
  }

  /** What a part of a layout is. */
  public static Parameter of(Layout.Part part) {
    Role role = role(part);
    boolean reads = role == Role.MATRICES || role == Role.OUTPUT;
    List<Integer> shape = part.shape();
    int fanIn = reads && shape.size() > 1 ? shape.get(shape.size() - 1) : 1;
    return new Parameter(part.name(), role, fanIn);
  }

  private static Role role(Layout.Part part) {
    String name = part.name();
    if (StackModel.isEmbedding(name)) {
      return Role.EMBEDDINGS;
    }
    if (StackModel.isReadout(name)) {
      return Role.OUTPUT;
    }
    if (Norm.isPart(name)) {
      return Role.NORMS;
    }
    return part.shape().size() > 1 ? Role.MATRICES : Role.OTHER;
  }
}
