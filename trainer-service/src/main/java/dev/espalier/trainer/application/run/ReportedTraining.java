// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.trainer.application.TrainingObserver;
import dev.espalier.trainer.application.iteration.IterationWork;
import dev.espalier.trainer.domain.training.EpochResult;
import dev.espalier.trainer.domain.training.TrainingControl;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Tells how training goes, from one batch to the next. */
final class ReportedTraining implements TrainingControl {

    private final IterationWork work;
    private final RunCondition condition;
    private final TrainingObserver observer;
    private final BooleanSupplier mayContinue;
    private long counted;

    ReportedTraining(
            IterationWork work,
            RunCondition condition,
            TrainingObserver observer,
            BooleanSupplier mayContinue) {
        this.work = work;
        this.condition = condition;
        this.observer = observer;
        this.mayContinue = mayContinue;
        this.counted = work.images();
        condition.report().training(work.iteration(), counted);
    }

    @Override
    public boolean mayContinue() {
        condition.report().goingOn(work.images(), work.epochsDone(), condition.state());
        return mayContinue.getAsBoolean();
    }

    @Override
    public void epochCompleted(EpochResult result) {
        long before = counted;
        counted = work.images();
        Duration duration = condition.report().epochCompleted(result, counted, condition.state());
        observer.epochCompleted(duration, counted - before);
    }
}
