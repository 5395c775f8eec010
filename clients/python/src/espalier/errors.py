# SPDX-License-Identifier: Apache-2.0
"""Errors that a user meets. Each message is one sentence; advice follows on a second line."""

from __future__ import annotations


class EspalierError(Exception):
    """Base of all errors of this package."""

    def __init__(self, message: str, advice: str | None = None) -> None:
        super().__init__(message if advice is None else f"{message}\n{advice}")
        self.message = message
        self.advice = advice


class ConfigurationError(EspalierError):
    """A setting is missing or wrong. A retry does not help."""


class OutageError(EspalierError):
    """A broker, a store or a service does not answer. A retry may help."""


class BrokerUnavailableError(OutageError):
    """No Kafka broker answers."""


class StoreUnavailableError(OutageError):
    """The object store does not answer."""


class RunConflictError(EspalierError):
    """The run id belongs to another specification or to another model."""


class LayoutChangedError(EspalierError):
    """The names, shapes or types of a model's tensors differ from those of the run."""


class RunFailedError(EspalierError):
    """The run ended with the outcome 'failed'."""


class RunForgottenError(EspalierError):
    """The run was removed from the loop while it was trained."""


class SchemaTooNewError(EspalierError):
    """An event or a document says something that this version does not know."""


class RanksDisagreeError(EspalierError):
    """The processes of one training do not hold the same values."""


class CorruptArtifactError(EspalierError):
    """An object does not have the digest, the size or the format that it must have."""


class UsageError(EspalierError):
    """The methods of this package were called in a wrong order or with wrong arguments."""


class RunStoppedError(EspalierError):
    """The user stopped the run. The session's ``with`` block takes it and ends."""
