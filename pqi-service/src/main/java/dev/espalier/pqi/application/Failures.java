// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.pqi.domain.NonFiniteWeightException;
import dev.espalier.pqi.domain.PowerSumOverflowException;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.util.function.Supplier;

/** Why a snapshot cannot be measured, as its run is told. */
public final class Failures {

    private Failures() {}

    /** Does the work; what is wrong with its input becomes an outcome. */
    public static MeasurementOutcome attempt(
            SnapshotPublished snapshot, Supplier<MeasurementOutcome> work) {
        try {
            return work.get();
        } catch (NonFiniteWeightException | PowerSumOverflowException e) {
            return failed(snapshot, reason(e), e);
        } catch (SafetensorsException e) {
            return failed(snapshot, "weights-invalid", e);
        } catch (CorruptArtifactException e) {
            return failed(snapshot, "artifact-corrupt", e);
        } catch (InvalidDocumentException e) {
            return failed(snapshot, "measurement-invalid", e);
        } catch (MeasurementConflictException e) {
            return failed(snapshot, "measurement-conflict", e);
        }
    }

    /** What is said of weights that cannot be summed. */
    public static Reason reason(RuntimeException e) {
        return new Reason(
                e instanceof NonFiniteWeightException ? "weight-not-finite" : "sum-out-of-range",
                String.valueOf(e.getMessage()));
    }

    /** What is said of a snapshot whose store stayed away for too long. */
    public static MeasurementOutcome.Failed givenUp(
            SnapshotPublished snapshot, RuntimeException cause) {
        return failed(snapshot, "store-unavailable", cause);
    }

    /** What is said of a snapshot on which the service itself failed. */
    public static MeasurementOutcome.Failed broken(
            SnapshotPublished snapshot, RuntimeException cause) {
        return failed(snapshot, MeasurementOutcome.Failed.UNEXPECTED, cause);
    }

    private static MeasurementOutcome.Failed failed(
            SnapshotPublished snapshot, String code, RuntimeException cause) {
        return failed(snapshot, new Reason(code, String.valueOf(cause.getMessage())), cause);
    }

    public static MeasurementOutcome.Failed failed(
            SnapshotPublished snapshot, Reason reason, RuntimeException cause) {
        return new MeasurementOutcome.Failed(
                new MeasurementFailed(snapshot.runId(), snapshot.iteration(), snapshot, reason),
                cause);
    }
}
