// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.weights;

import dev.espalier.schemas.event.PruningDecided.TensorCount;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.Maskable;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import java.io.IOException;
import java.util.List;

/**
 * w_t with m_t. The tensor order, which breaks ties, is that of the file.
 *
 * @param name what error messages call it
 * @param maskable the tensors that could be pruned; all numbers of the loop are over these
 * @param notMaskable the others, with the reason
 * @param mask m_t
 */
public record MaskedWeights(
        String name, List<TensorInfo> maskable, List<ExcludedTensor> notMaskable, Mask mask) {

    public MaskedWeights {
        maskable = List.copyOf(maskable);
        notMaskable = List.copyOf(notMaskable);
    }

    /**
     * Reads the header alone.
     *
     * @throws dev.espalier.schemas.tensor.SafetensorsException if the source is no safetensors
     *     file, or the mask does not fit it
     */
    public static MaskedWeights read(ByteSource source, Mask mask) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(source);
        mask.requireFits(header, "the mask of " + source.name());
        return new MaskedWeights(
                source.name(),
                header.tensors().stream().filter(t -> Maskable.refusal(t) == null).toList(),
                header.tensors().stream()
                        .<ExcludedTensor>mapMulti(
                                (tensor, excluded) -> {
                                    String refusal = Maskable.refusal(tensor);
                                    if (refusal != null) {
                                        excluded.accept(new ExcludedTensor(tensor.name(), refusal));
                                    }
                                })
                        .toList(),
                mask);
    }

    /** Number of weights that could be pruned. */
    public long total() {
        return maskable.stream().mapToLong(TensorInfo::count).sum();
    }

    /** Number of them that are active. */
    public long active() {
        return maskable.stream().mapToLong(this::active).sum();
    }

    public long active(TensorInfo tensor) {
        MaskTensor bits = mask.tensor(tensor.name());
        return bits == null ? tensor.count() : bits.active();
    }

    /**
     * Active weights of each prunable tensor, and how many of them the next mask takes.
     *
     * @param next m_{t+1}
     */
    public List<TensorCount> tensorCounts(Mask next) {
        return maskable.stream()
                .map(
                        tensor -> {
                            long active = active(tensor);
                            MaskTensor bits = next.tensor(tensor.name());
                            long left = bits == null ? tensor.count() : bits.active();
                            return new TensorCount(tensor.name(), active, active - left);
                        })
                .toList();
    }

    /**
     * Refuses a measurement that was not made on these weights under this mask.
     *
     * @throws UnusableSnapshotException naming the first difference
     */
    public void requireMeasured(List<MeasuredTensor> measured) {
        if (measured.size() != maskable.size()) {
            throw new UnusableSnapshotException(
                    "%s has %d tensors that can be pruned, %d were measured"
                            .formatted(name, maskable.size(), measured.size()));
        }
        for (int i = 0; i < measured.size(); i++) {
            MeasuredTensor there = measured.get(i);
            TensorInfo here = maskable.get(i);
            if (!there.tensor().equals(here.name())
                    || !there.shape().equals(here.shape())
                    || there.active() != active(here)
                    || there.units().count() != here.rows()) {
                throw new UnusableSnapshotException(
                        "%s has '%s' %s with %d active weights where '%s' %s with %d active weights in %d units was measured"
                                .formatted(
                                        name,
                                        here.name(),
                                        here.shape(),
                                        active(here),
                                        there.tensor(),
                                        there.shape(),
                                        there.active(),
                                        there.units().count()));
            }
        }
    }
}
