package dev.emergence.tensor;

/**
 * What every backend must do: the public test kit of the seam. A backend's test class implements
 * this interface; all tests come with it. Results are held to the reference backend, so the
 * reference itself is checked apart, by closed forms and central differences.
 */
public interface BackendContract
    extends MemoryContract,
        DenseContract,
        TokenContract,
        AttentionContract,
        AttentionStatisticsContract,
        AttentionBiasContract,
        TokenAttentionContract,
        MixerContract,
        TrainingContract,
        ScoredContract,
        StoppedReplicaContract,
        SamplerContract,
        HostDrawContract,
        GeneralDrawContract,
        OutsideContract,
        ShapeContract {}
