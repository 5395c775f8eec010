// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.Reason;
import dev.espalier.trainer.application.RunFailedException;
import dev.espalier.trainer.application.UnfitArtifactException;
import dev.espalier.trainer.domain.data.UnusableDataException;
import dev.espalier.trainer.domain.model.UnknownModelException;
import dev.espalier.trainer.domain.training.DivergedException;
import java.util.Optional;

/** Why a run fails, for those who read its status. */
final class Failure {

    private Failure() {}

    /** Empty for what nobody foresaw. */
    static Optional<Reason> known(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return Optional.ofNullable(
                switch (failure) {
                    case RunFailedException e -> e.reason();
                    case UnusableDataException _ -> new Reason("unusable-data", message);
                    case UnknownModelException _ -> new Reason("unknown-model", message);
                    case UnfitArtifactException _ -> new Reason("unfit-artifact", message);
                    case DivergedException _ -> new Reason("diverged", message);
                    default -> null;
                });
    }

    static Reason unforeseen(Throwable failure) {
        return new Reason("internal-error", failure.toString());
    }
}
